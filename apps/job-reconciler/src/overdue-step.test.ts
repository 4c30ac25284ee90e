import {
  acknowledgeCancel,
  applyChange,
  cancel,
  confirmAnnounced,
  confirmPublished,
  heartbeat,
} from '@afterimage/job-core';
import type { JobChange } from '@afterimage/job-core';
import { type JobRecord, LIMITS } from '@afterimage/job-schemas';
import { aJobRecord, aRunningJob } from '@afterimage/testing';
import { describe, expect, test } from 'vitest';
import { overdueStep } from './overdue-step.ts';

/** The job after a change whose guard must hold. */
function changed(job: JobRecord, change: JobChange | undefined): JobRecord {
  const after = change === undefined ? undefined : applyChange(job, change);
  if (after === undefined) throw new Error(`the change does not hold of a job that is ${job.status}`);
  return after;
}

/** Takes the overdue step at the moment when the job is due. */
function stepWhenDue(job: JobRecord) {
  const now = new Date(job.dueAt ?? 0);
  const step = overdueStep(job, now);
  return { now, step, after: 'change' in step ? changed(job, step.change) : undefined };
}

function aPublishedJob(overrides: Partial<JobRecord> = {}): JobRecord {
  const job = aJobRecord(overrides);
  return changed(job, confirmPublished(job));
}

const startedAt = new Date('2026-01-02T03:04:10.000Z');

describe('a queued job', () => {
  test('that was never confirmed is enqueued', () => {
    expect(stepWhenDue(aJobRecord()).step).toEqual({ kind: 'enqueue' });
  });

  test('whose start deadline has passed expires, published or not', () => {
    const published = stepWhenDue(aPublishedJob());
    const unpublished = stepWhenDue(aJobRecord({ startDeadlineAt: '2026-01-02T03:04:06.000Z' }));

    expect(published.after).toMatchObject({ status: 'expired', isAnnounced: false });
    expect(unpublished.after).toMatchObject({ status: 'expired' });
  });
});

describe('a running job', () => {
  test('whose lease has lapsed goes back to the queue with the next attempt', () => {
    const { step, after, now } = stepWhenDue(aRunningJob());

    expect(step.kind).toBe('loseWorker');
    expect(after).toMatchObject({
      status: 'queued',
      attempt: 2,
      losses: 1,
      failures: 0,
      isPublished: false,
      token: null,
    });
    expect(after?.attempts).toEqual([
      expect.objectContaining({ number: 1, outcome: 'lost', reason: 'lease_lapsed', endedAt: now.toISOString() }),
    ]);
    expect(after?.error).toMatchObject({ code: 'worker_lost', attempt: 1 });
  });

  test('that has lost too many workers fails', () => {
    const { after } = stepWhenDue(aRunningJob({ losses: LIMITS.lostAttempts }));

    expect(after).toMatchObject({ status: 'failed', error: { code: 'worker_lost', retryable: false } });
  });

  test('whose lease was renewed meanwhile is left alone by the guard', () => {
    const job = aRunningJob();
    const { step } = stepWhenDue(job);
    const renewal = { token: job.token ?? '', now: new Date(job.dueAt ?? 0), leaseSeconds: 30, progress: null };

    const renewed = changed(job, heartbeat(renewal));

    expect('change' in step && applyChange(renewed, step.change)).toBeUndefined();
  });
});

describe('a canceling job', () => {
  const canceling = () => changed(aRunningJob(), cancel(aRunningJob(), startedAt));

  test('past its grace is canceled', () => {
    const { step, after } = stepWhenDue(canceling());

    expect(step.kind).toBe('forceCancel');
    expect(after).toMatchObject({ status: 'canceled', attempts: [{ outcome: 'canceled', reason: 'cancel_forced' }] });
  });

  test('that its worker ended meanwhile is left alone by the guard', () => {
    const job = canceling();
    const { step, now } = stepWhenDue(job);

    const ended = changed(job, acknowledgeCancel({ token: job.token ?? '', attempt: 1, now }));

    expect('change' in step && applyChange(ended, step.change)).toBeUndefined();
  });
});

describe('a job that has ended', () => {
  test('without its event being confirmed is announced', () => {
    const { after } = stepWhenDue(aPublishedJob());

    expect(stepWhenDue(after ?? aJobRecord()).step).toEqual({ kind: 'announce' });
  });

  test('and was announced needs nothing', () => {
    const job = aJobRecord({ status: 'succeeded' });

    expect(overdueStep(changed(job, confirmAnnounced(job)), new Date('2030-01-01'))).toEqual({ kind: 'none' });
  });
});

test.each([aJobRecord(), aPublishedJob(), aRunningJob()])(
  'nothing is done a millisecond before the time ($status)',
  (job) => {
    const early = new Date(Date.parse(job.dueAt ?? '') - 1);

    expect(overdueStep(job, early)).toEqual({ kind: 'none' });
  },
);
