import { createJobSchema, type Job } from '@afterimage/job-schemas';

const TIME = '2026-01-02T03:04:05.000Z';
const request = createJobSchema.parse({ model: 'sketch-1', task: 'text-to-image', input: { prompt: 'a boat' } });

export function anAttempt(number: number): Job['attempts'][number] {
  return { number, outcome: 'succeeded', reason: null, startedAt: TIME, endedAt: TIME };
}

export function anOutput(index: number): Job['outputs'][number] {
  const file = { contentType: 'image/png', width: 64, height: 64, bytes: 1, sha256: 'ab', seed: 1 };
  return {
    index,
    state: 'available',
    ...file,
    contentUrl: 'https://x',
    url: null,
    urlExpiresAt: null,
    thumbnailUrl: null,
  };
}

/** A job that succeeded at once, with one image. */
export function aJob(overrides: Partial<Job> = {}): Job {
  const { model, task, output, policy, metadata } = request;
  return {
    id: 'job_0',
    object: 'job',
    status: 'succeeded',
    phase: null,
    version: 4,
    model,
    pool: 'local',
    task,
    input: { ...request.input, seed: 1 },
    output,
    policy,
    queue: { ahead: null, estimatedStartSeconds: null },
    progress: null,
    outputs: [anOutput(0)],
    error: null,
    attempts: [anAttempt(1)],
    timings: { queuedMs: 1, modelLoadMs: 1, inferenceMs: 1, uploadMs: 1 },
    createdAt: TIME,
    startedAt: TIME,
    finishedAt: TIME,
    cancelRequestedAt: null,
    expiresAt: TIME,
    batchId: null,
    retryOf: null,
    metadata,
    traceId: null,
    links: { self: 'https://x', cancel: null, events: null, retry: null },
    ...overrides,
  };
}
