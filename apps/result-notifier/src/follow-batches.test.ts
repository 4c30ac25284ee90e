import { applyChange, cancel } from '@afterimage/job-core';
import type { Notification } from '@afterimage/job-schemas';
import { aJobEvent, aJobRecord, anId, aRunningJob } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { makeFollowBatches } from './follow-batches.ts';

async function countedOf(notification: Notification): Promise<unknown[]> {
  const counted: unknown[] = [];
  const followBatches = makeFollowBatches({ countEnd: async (...end) => void counted.push(end) });
  await followBatches(notification);
  return counted;
}

function canceled(batchId: string | null) {
  const job = aJobRecord({ batchId });
  const change = cancel(job, new Date(job.createdAt));
  const ended = change === undefined ? undefined : applyChange(job, change);
  if (ended === undefined) throw new Error('a queued job can be canceled');
  return ended;
}

describe('following batches', () => {
  it('counts the end of a job of a batch', async () => {
    const batchId = anId('bat');
    const job = canceled(batchId);

    expect(await countedOf(aJobEvent(job))).toEqual([[batchId, job.id, 'canceled']]);
  });

  it.each([
    ['a job of no batch', aJobEvent(canceled(null))],
    ['a job that starts', aJobEvent(aRunningJob({ batchId: anId('bat') }))],
    ['a delivery', { deliveryId: anId('whd'), attempt: 1 }],
  ])('counts nothing for %s', async (_, notification) => {
    expect(await countedOf(notification)).toEqual([]);
  });
});
