import { randomBytes } from 'node:crypto';
import { applyChange, claim, newJob } from '@afterimage/job-core';
import type { CreateJob, IdPrefix, JobRecord, TextToImageInput } from '@afterimage/job-schemas';
import { acceptedInputSchemas, createJobSchema, encodeId, fingerprint } from '@afterimage/job-schemas';

/** When the jobs of the builders are created, unless a test says otherwise. */
export const CREATED_AT = '2026-01-02T03:04:05.678Z';

/** An id of the given kind that no other call yields. */
export function anId(prefix: IdPrefix): string {
  return encodeId(prefix, randomBytes(16));
}

/** What a client may leave out of a create request, and what it must not. */
type CreateJobBody = Parameters<typeof createJobSchema.parse>[0] & object;

/** The body of a create request with only what is required. */
export function aCreateJobBody(overrides: Readonly<Record<string, unknown>> = {}): CreateJobBody {
  return { model: 'sketch-1', task: 'text-to-image', input: { prompt: 'a lighthouse at dawn' }, ...overrides };
}

/** A parsed create request, defaults filled in. */
export function aCreateJob(overrides: Readonly<Record<string, unknown>> = {}): CreateJob {
  return createJobSchema.parse(aCreateJobBody(overrides));
}

/** The input of an accepted text-to-image job. */
export function aTextToImageInput(overrides: Partial<TextToImageInput> = {}): TextToImageInput {
  return acceptedInputSchemas['text-to-image'].parse({ prompt: 'a lighthouse at dawn', seed: 42, ...overrides });
}

/** A job as it is created: queued, not yet published, first attempt. */
export function aJobRecord(overrides: Partial<JobRecord> = {}): JobRecord {
  const { input: _input, ...request } = aCreateJob();
  const given = {
    ...request,
    policy: overrides.policy ?? request.policy,
    input: aTextToImageInput(),
    id: anId('job'),
    tenantId: 'tenant-1',
    pool: 'local',
    fingerprint: fingerprint(request),
    retryOf: null,
    traceparent: null,
  };
  return { ...newJob(given, new Date(overrides.createdAt ?? CREATED_AT)), ...overrides };
}

export interface RunningJobOptions {
  readonly token?: string;
  readonly owner?: string;
  readonly leaseSeconds?: number;
  /** When the job is claimed; a second after its creation unless said. */
  readonly now?: Date;
}

/** A job that a worker has claimed, by the rules of the lifecycle. The overrides are of the queued job. */
export function aRunningJob(overrides: Partial<JobRecord> = {}, options: RunningJobOptions = {}): JobRecord {
  const queued = aJobRecord(overrides);
  const { token = 'token-1', owner = 'worker-1', leaseSeconds = 30 } = options;
  const now = options.now ?? new Date(Date.parse(queued.createdAt) + 1000);
  const running = applyChange(queued, claim({ attempt: queued.attempt, owner, token, now, leaseSeconds }));
  if (running === undefined) throw new Error(`the job cannot be claimed: ${queued.status}`);
  return running;
}
