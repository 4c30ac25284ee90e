import type { JobRecord, StoredOutput } from '@afterimage/job-schemas';
import { acceptedInputSchemas, createJobSchema } from '@afterimage/job-schemas';
import { after, PUBLISH_GRACE_SECONDS } from '../src/lifecycle.ts';

export const CREATED = new Date('2026-01-02T03:04:05.678Z');

/** A moment of a test, in seconds from the creation of its job. */
export function at(seconds: number): Date {
  return new Date(after(CREATED, seconds));
}

export const OUTPUT: StoredOutput = {
  index: 0,
  key: 'jobs/1/0.png',
  contentType: 'image/png',
  width: 512,
  height: 512,
  bytes: 1234,
  sha256: 'b'.repeat(64),
  seed: 42,
  thumbnailKey: null,
};

/** A job as it is created. The builder of libs/testing is out of reach: that library is built on this one. */
export function queuedJob(overrides: Partial<JobRecord> = {}): JobRecord {
  const { input, ...request } = createJobSchema.parse({
    model: 'sketch-1',
    task: 'text-to-image',
    input: { prompt: 'a lighthouse at dawn', seed: 42 },
  });
  const policy = overrides.policy ?? request.policy;
  return {
    ...request,
    policy,
    input: acceptedInputSchemas['text-to-image'].parse(input),
    id: 'job_0123456789ABCDEFGHJKMNPQRS',
    tenantId: 'tenant-1',
    pool: 'local',
    status: 'queued',
    phase: null,
    version: 1,
    attempt: 1,
    failures: 0,
    losses: 0,
    fingerprint: 'f'.repeat(64),
    traceparent: null,
    progress: null,
    outputs: [],
    error: null,
    attempts: [],
    timings: { queuedMs: null, modelLoadMs: null, inferenceMs: null, uploadMs: null },
    token: null,
    leaseOwner: null,
    isPublished: false,
    isAnnounced: false,
    createdAt: CREATED.toISOString(),
    startDeadlineAt: after(CREATED, policy.startWithinSeconds),
    startedAt: null,
    finishedAt: null,
    cancelRequestedAt: null,
    expiresAt: after(CREATED, policy.retainSeconds),
    dueAt: after(CREATED, PUBLISH_GRACE_SECONDS),
    ...overrides,
  };
}
