import { jobRecordSchema } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { at, OUTPUT, queuedJob } from '../test/queued-job.ts';
import { confirmErased, erase } from './erasure.ts';
import { applyChange } from './job-change.ts';

const SECRET = 'a lighthouse at dawn';
const ended = () =>
  queuedJob({
    status: 'succeeded',
    isAnnounced: true,
    dueAt: null,
    outputs: [OUTPUT],
    metadata: { customer: SECRET },
    webhook: { url: `https://example.com/?q=${SECRET}`, events: ['job.succeeded'] },
    legacy: { id: 'a-1', prefix: 'out/b', tasktype: 'text-to-image', context: JSON.stringify(SECRET) },
    error: { code: 'internal', message: SECRET, stage: 'inferring', attempt: 1, retryable: false },
  });

describe('erase', () => {
  it('leaves a tombstone, due, with nothing of the client or its pictures', () => {
    const job = ended();
    const tombstone = applyChange(job, erase(job, at(100)));

    expect(JSON.stringify(tombstone)).not.toMatch(new RegExp(`${SECRET}|${OUTPUT.sha256}`));
    expect(jobRecordSchema.parse(tombstone)).toMatchObject({
      id: job.id,
      tenantId: job.tenantId,
      status: 'succeeded',
      fingerprint: job.fingerprint,
      erasedAt: at(100).toISOString(),
      dueAt: at(160).toISOString(),
      version: job.version + 1,
    });
  });

  it.each(['queued', 'running', 'canceling'] as const)('does not take a job that is %s', (status) => {
    const job = queuedJob({ status });

    expect(applyChange(job, erase(job, at(100)))).toBeUndefined();
  });

  it('is made once: neither a second erasure nor a late confirmation changes the tombstone', () => {
    const job = ended();
    const tombstone = applyChange(job, erase(job, at(100))) ?? job;

    expect(applyChange(tombstone, erase(job, at(200)))).toBeUndefined();
    expect(applyChange(tombstone, confirmErased(job))).toBeUndefined();
    expect(applyChange(tombstone, confirmErased(tombstone))).toEqual({ ...tombstone, legacy: null, dueAt: null });
  });
});
