import { createHash } from 'node:crypto';
import type { Job } from '@afterimage/job-schemas';
import { createJobSchema } from '@afterimage/job-schemas';

export const JOB_ID = 'job_01KAFTERMAGE00000000000000';

const request = createJobSchema.parse({
  model: 'sketch-1',
  task: 'text-to-image',
  input: { prompt: 'a red lighthouse' },
});

/** A job as the API of this release shows it. */
export function aJob(overrides: Partial<Job> = {}): Job {
  const { model, task, output, policy, metadata } = request;
  return {
    id: JOB_ID,
    object: 'job',
    status: 'queued',
    phase: null,
    version: 1,
    model,
    pool: 'sketch',
    task,
    input: { ...request.input, seed: 7 },
    output,
    policy,
    queue: { ahead: null, estimatedStartSeconds: null },
    progress: null,
    outputs: [],
    error: null,
    attempts: [],
    timings: { queuedMs: null, modelLoadMs: null, inferenceMs: null, uploadMs: null },
    createdAt: '2026-01-02T03:04:05.006Z',
    startedAt: null,
    finishedAt: null,
    cancelRequestedAt: null,
    expiresAt: '2026-01-09T03:04:05.006Z',
    batchId: null,
    retryOf: null,
    metadata,
    traceId: null,
    links: { self: `https://api.example/v1/jobs/${JOB_ID}`, cancel: null, events: null, retry: null },
    ...overrides,
  };
}

export function aProgress(overrides: Partial<NonNullable<Job['progress']>> = {}): NonNullable<Job['progress']> {
  return { fraction: 0.5, step: 10, steps: 20, image: 1, images: 1, etaSeconds: 4, previewUrl: null, ...overrides };
}

export function anOutput(
  content: Uint8Array,
  contentUrl: string,
  overrides: Partial<Job['outputs'][number]> = {},
): Job['outputs'][number] {
  return {
    index: 0,
    state: 'available',
    contentType: 'image/png',
    width: 512,
    height: 512,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    seed: 7,
    contentUrl,
    url: null,
    urlExpiresAt: null,
    thumbnailUrl: null,
    ...overrides,
  };
}
