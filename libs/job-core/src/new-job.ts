import type { CreateJob, JobInput, JobRecord } from '@afterimage/job-schemas';
import { after, PUBLISH_GRACE_SECONDS } from './lifecycle.ts';

/** What whoever creates a job decides. */
export type NewJob = Pick<
  JobRecord,
  | 'id'
  | 'tenantId'
  | 'pool'
  | 'model'
  | 'task'
  | 'input'
  | 'output'
  | 'policy'
  | 'webhook'
  | 'metadata'
  | 'fingerprint'
  | 'retryOf'
  | 'traceparent'
> &
  Partial<Pick<JobRecord, 'legacy' | 'batchId'>>;

/** The input with the seed that the client gave, or else a new one. `newSeed` draws an integer from 0 to 2^32 - 1. */
export function seeded(input: CreateJob['input'], newSeed: () => number): JobInput {
  return 'prompt' in input ? { ...input, seed: input.seed ?? newSeed() } : input;
}

/** The start of the lifecycle: a job that is queued, not yet published, and due until it is. */
export function newJob(given: NewJob, now: Date): JobRecord {
  const { policy } = given;
  return {
    ...given,
    legacy: given.legacy ?? null,
    batchId: given.batchId ?? null,
    status: 'queued',
    phase: null,
    version: 1,
    attempt: 1,
    failures: 0,
    losses: 0,
    progress: null,
    outputs: [],
    error: null,
    attempts: [],
    timeline: [{ at: now.toISOString(), status: 'queued', phase: null, attempt: 1 }],
    timings: { queuedMs: null, modelLoadMs: null, inferenceMs: null, uploadMs: null },
    token: null,
    leaseOwner: null,
    isPublished: false,
    isAnnounced: false,
    createdAt: now.toISOString(),
    startDeadlineAt: after(now, policy.startWithinSeconds),
    startedAt: null,
    finishedAt: null,
    cancelRequestedAt: null,
    erasedAt: null,
    expiresAt: after(now, policy.retainSeconds),
    dueAt: after(now, PUBLISH_GRACE_SECONDS),
  };
}
