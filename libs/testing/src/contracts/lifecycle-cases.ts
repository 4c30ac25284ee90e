import type { JobChange } from '@afterimage/job-core';
import {
  acknowledgeCancel,
  after,
  applyChange,
  cancel,
  claim,
  confirmAnnounced,
  confirmErased,
  confirmPublished,
  deadLetter,
  endAttempt,
  erase,
  expire,
  forceCancel,
  heartbeat,
  succeed,
} from '@afterimage/job-core';
import type { JobError, JobRecord, StoredOutput, StoredProgress } from '@afterimage/job-schemas';
import { jobStatusSchema } from '@afterimage/job-schemas';
import { aJobRecord, aRunningJob, CREATED_AT } from '../builders/job-builders.ts';

export interface LifecycleCase {
  readonly name: string;
  /** A job that the guard of the change holds of. */
  readonly job: () => JobRecord;
  readonly change: JobChange;
}

const TOKEN = 'token-1';
const LEASE_SECONDS = 30;
const created = new Date(CREATED_AT);
const at = (seconds: number) => new Date(after(created, seconds));

const progress: StoredProgress = {
  fraction: 0.5,
  step: 10,
  steps: 20,
  image: 1,
  images: 2,
  etaSeconds: 3.5,
  previewUrl: null,
  previewKey: 'previews/tenant-1/job/1.webp',
};
const output: StoredOutput = {
  index: 0,
  key: 'jobs/x/1/0.png',
  contentType: 'image/png',
  width: 512,
  height: 512,
  bytes: 1234,
  sha256: 'b'.repeat(64),
  seed: 42,
  thumbnailKey: null,
};
const error: JobError = { code: 'worker_lost', message: 'gone', stage: 'inferring', attempt: 1, retryable: true };
const timings = { queuedMs: 1000, modelLoadMs: null, inferenceMs: 900, uploadMs: 12 };

function advanced(job: JobRecord, change: JobChange | undefined): JobRecord {
  const next = change === undefined ? undefined : applyChange(job, change);
  if (next === undefined) throw new Error(`a job that is ${job.status} does not take this change`);
  return next;
}

const queued = () => aJobRecord();
const running = () => aRunningJob({}, { token: TOKEN, leaseSeconds: LEASE_SECONDS });
const canceling = () => advanced(running(), cancel(running(), at(5)));
const erased = () => advanced(canceled(), erase(canceled(), at(90)));
const canceled = () => advanced(queued(), cancel(queued(), at(2)));
const lapsed = { outcome: 'lost', reason: 'lease_lapsed', error, now: at(60), ifLapsed: true } as const;

function cancelOf(job: JobRecord): JobChange {
  const change = cancel(job, at(5));
  if (change === undefined) throw new Error(`a job that is ${job.status} cannot be canceled`);
  return change;
}

/** Every change of the lifecycle, with a job that takes it. */
export const LIFECYCLE_CASES: readonly LifecycleCase[] = [
  { name: 'confirmPublished', job: queued, change: confirmPublished(queued()) },
  {
    name: 'claim',
    job: queued,
    change: claim({ attempt: 1, owner: 'worker-2', token: 'token-2', now: at(3), leaseSeconds: LEASE_SECONDS }),
  },
  {
    name: 'heartbeat',
    job: running,
    change: heartbeat({ token: TOKEN, now: at(4), leaseSeconds: LEASE_SECONDS, progress }),
  },
  {
    name: 'heartbeat while canceling',
    job: canceling,
    change: heartbeat({ token: TOKEN, now: at(6), leaseSeconds: LEASE_SECONDS, progress: null }),
  },
  {
    name: 'heartbeat with a phase',
    job: running,
    change: heartbeat({ token: TOKEN, now: at(4), leaseSeconds: LEASE_SECONDS, progress, phase: 'inferring' }),
  },
  {
    name: 'succeed',
    job: running,
    change: succeed({ token: TOKEN, attempt: 1, now: at(9), outputs: [output], progress, timings }),
  },
  {
    name: 'endAttempt to the queue',
    job: running,
    change: endAttempt(running(), { outcome: 'failed', reason: 'engine_error', error, now: at(8) }),
  },
  { name: 'endAttempt of a lapsed lease', job: running, change: endAttempt(running(), lapsed) },
  {
    name: 'endAttempt for good',
    job: running,
    change: endAttempt(running(), {
      outcome: 'failed',
      reason: 'input_invalid',
      error: { ...error, code: 'input_invalid', retryable: false },
      now: at(8),
    }),
  },
  { name: 'cancel while queued', job: queued, change: cancelOf(queued()) },
  { name: 'cancel while running', job: running, change: cancelOf(running()) },
  { name: 'acknowledgeCancel', job: canceling, change: acknowledgeCancel({ token: TOKEN, attempt: 1, now: at(7) }) },
  { name: 'forceCancel', job: canceling, change: forceCancel(canceling(), at(60)) },
  { name: 'expire', job: queued, change: expire(at(7200)) },
  { name: 'deadLetter', job: queued, change: deadLetter(1, at(20)) },
  { name: 'confirmAnnounced', job: canceled, change: confirmAnnounced(canceled()) },
  { name: 'erase', job: canceled, change: erase(canceled(), at(90)) },
  { name: 'confirmErased', job: erased, change: confirmErased(erased()) },
];

export interface Violation {
  readonly name: string;
  /** What to set on a job that the guard holds of, so that it does not. */
  readonly set: Partial<JobRecord>;
}

/** Every way, one at a time, in which the guard of a change can fail. */
export function violationsOf({ guard }: JobChange): Violation[] {
  const { attempt, token, version, dueBy, startDeadlineAfter, startDeadlineBy } = guard;
  const isDefined = (value: unknown) => value !== undefined;
  return [
    ...jobStatusSchema.options
      .filter((status) => !guard.status.includes(status))
      .map((status) => ({ name: `status ${status}`, set: { status } })),
    ...[attempt].filter(isDefined).map(() => ({ name: 'another attempt', set: { attempt: 7 } })),
    ...[token].filter(isDefined).flatMap(() => [
      { name: 'another token', set: { token: 'token-of-another' } },
      { name: 'no token', set: { token: null } },
    ]),
    ...[version].filter(isDefined).map(() => ({ name: 'another version', set: { version: 77 } })),
    ...[dueBy].filter(isDefined).flatMap(() => [
      { name: 'due later', set: { dueAt: '2999-01-01T00:00:00.000Z' } },
      { name: 'not due', set: { dueAt: null } },
    ]),
    ...[startDeadlineAfter]
      .filter((time) => time !== undefined)
      .map((time) => ({ name: 'start deadline reached', set: { startDeadlineAt: time } })),
    ...[startDeadlineBy]
      .filter(isDefined)
      .map(() => ({ name: 'start deadline ahead', set: { startDeadlineAt: '2999-01-01T00:00:00.000Z' } })),
  ];
}
