import type { JobRecord, StoredOutput } from '@afterimage/job-schemas';
import { acceptedInputSchemas, createJobSchema } from '@afterimage/job-schemas';
import { after } from '../src/lifecycle.ts';
import { newJob } from '../src/new-job.ts';

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
  const given = {
    ...request,
    policy: overrides.policy ?? request.policy,
    input: acceptedInputSchemas['text-to-image'].parse(input),
    id: 'job_0123456789ABCDEFGHJKMNPQRS',
    tenantId: 'tenant-1',
    pool: 'local',
    fingerprint: 'f'.repeat(64),
    traceparent: null,
    retryOf: null,
  };
  return { ...newJob(given, CREATED), ...overrides };
}
