import type { JobError, JobRecord } from '@afterimage/job-schemas';
import type { JobChange } from '../src/job-change.ts';
import { applyChange } from '../src/job-change.ts';
import { cancel, claim, succeed } from '../src/lifecycle.ts';
import { at, OUTPUT, queuedJob } from './queued-job.ts';

export const TOKEN = 'token-1';
export const timings = { queuedMs: 10, modelLoadMs: null, inferenceMs: 900, uploadMs: 12 };

/** The job after a change that its guard must allow. */
export function done(job: JobRecord, change: JobChange | undefined): JobRecord {
  const next = change === undefined ? undefined : applyChange(job, change);
  if (next === undefined) throw new Error(`a job that is ${job.status} does not take this change`);
  return next;
}

export const claimAt = (seconds: number, overrides: { attempt?: number; token?: string } = {}) =>
  claim({ attempt: 1, token: TOKEN, owner: 'worker-1', now: at(seconds), leaseSeconds: 30, ...overrides });

export const running = (overrides: Partial<JobRecord> = {}) => done(queuedJob(overrides), claimAt(1));
export const canceling = () => done(running(), cancel(running(), at(5)));
export const success = succeed({ token: TOKEN, attempt: 1, now: at(9), outputs: [OUTPUT], progress: null, timings });

export function failure(overrides: Partial<JobError> = {}) {
  const error: JobError = {
    code: 'engine_error',
    message: 'it broke',
    stage: 'inferring',
    attempt: 1,
    retryable: true,
    ...overrides,
  };
  return { outcome: 'failed', reason: error.code, error, now: at(8) } as const;
}

export const lost = { ...failure({ code: 'worker_lost' }), outcome: 'lost', reason: 'spot_interruption' } as const;

/** When the event of a state that a job reached is overdue. */
export const announcedBy = (seconds: number) => at(seconds + 15).toISOString();
