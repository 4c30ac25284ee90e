import { type createJobSchema, type Job, type JobPreview, LIMITS, type Model } from '@afterimage/job-schemas';
import type * as z from 'zod';

export const EXAMPLE_MODEL = 'sketch-1';
export const EXAMPLE_JOB_ID = 'job_01K5XQ7R8ZV3M2N4P6T9WACDEF';
export const EXAMPLE_BATCH_ID = 'bat_01K5XQ7R8ZV3M2N4P6T9WACDEF';
export const EXAMPLE_UPLOAD_ID = 'upl_01K5XQ7R8ZV3M2N4P6T9WACDEF';
export const EXAMPLE_KEY_ID = '4fGh7Kx2Qm9Z';
export const EXAMPLE_ENDPOINT_ID = 'whe_01K5XQ7R8ZV3M2N4P6T9WACDEF';
export const EXAMPLE_DELIVERY_ID = 'whd_01K5XQ7R8ZV3M2N4P6T9WACDEF';
export const EXAMPLE_TIME = '2026-01-01T12:00:00.000Z';
export const EXAMPLE_ETAG = 'W/"1"';
export const EXAMPLE_TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const SELF = `https://api.example.com/v1/jobs/${EXAMPLE_JOB_ID}`;
const PROMPT = 'a red boat on a calm lake at dawn';

/** Body of a request that gives every part of a job. */
export const TEXT_TO_IMAGE = {
  model: EXAMPLE_MODEL,
  task: 'text-to-image',
  input: {
    prompt: PROMPT,
    negativePrompt: 'people',
    width: 128,
    height: 64,
    steps: 4,
    guidance: 7,
    seed: 42,
    images: 2,
  },
  output: { format: 'webp', quality: 90, thumbnail: true },
  policy: { priority: 'interactive', startWithinSeconds: 900, maxAttempts: 3 },
  webhook: { url: 'https://example.com/hook', events: ['job.succeeded', 'job.failed'] },
  metadata: { orderId: 'A-17' },
} satisfies z.input<typeof createJobSchema>;

/** Bodies of create requests, one at least for each task. */
export const CREATE_EXAMPLES = {
  'text-to-image': TEXT_TO_IMAGE,
  minimal: { model: EXAMPLE_MODEL, task: 'text-to-image', input: { prompt: PROMPT } },
  'image-to-image': {
    model: EXAMPLE_MODEL,
    task: 'image-to-image',
    input: { prompt: PROMPT, image: { url: 'https://example.com/boat.png' }, strength: 0.6 },
  },
  upscale: {
    model: EXAMPLE_MODEL,
    task: 'upscale',
    input: { image: { jobOutput: `${EXAMPLE_JOB_ID}/0` }, scale: 2 },
  },
  workflow: {
    model: EXAMPLE_MODEL,
    task: 'workflow',
    input: {
      workflow: {
        '1': { class_type: 'LoadImage', inputs: { image: '{{boat}}' } },
        '2': { class_type: 'SaveImage', inputs: { images: ['1', 0] } },
      },
      images: { boat: { url: 'https://example.com/boat.png' } },
    },
  },
} satisfies Record<string, z.input<typeof createJobSchema>>;

/** The job that `TEXT_TO_IMAGE` makes, just accepted. */
export const QUEUED_JOB: Job = {
  id: EXAMPLE_JOB_ID,
  object: 'job',
  status: 'queued',
  phase: null,
  version: 1,
  model: EXAMPLE_MODEL,
  pool: 'local',
  task: 'text-to-image',
  input: { ...TEXT_TO_IMAGE.input, sampler: 'euler_a' },
  output: { format: 'webp', quality: 90, thumbnail: true, embedParameters: true },
  policy: {
    priority: 'interactive',
    startWithinSeconds: 900,
    executionTimeoutSeconds: LIMITS.executionTimeoutSeconds.default,
    maxAttempts: 3,
    retainSeconds: LIMITS.retainSeconds.default,
  },
  queue: { ahead: null, estimatedStartSeconds: null },
  progress: null,
  outputs: [],
  error: null,
  attempts: [],
  timings: { queuedMs: null, modelLoadMs: null, inferenceMs: null, uploadMs: null },
  createdAt: EXAMPLE_TIME,
  startedAt: null,
  finishedAt: null,
  cancelRequestedAt: null,
  expiresAt: '2026-01-08T12:00:00.000Z',
  batchId: null,
  retryOf: null,
  metadata: TEXT_TO_IMAGE.metadata,
  traceId: '1-4bf92f35-77b34da6a3ce929d0e0e4736',
  links: { self: SELF, cancel: `${SELF}/cancel`, events: `${SELF}/events`, retry: null },
};

export const JOB_PREVIEW: JobPreview = {
  object: 'job.preview',
  model: QUEUED_JOB.model,
  pool: QUEUED_JOB.pool,
  task: QUEUED_JOB.task,
  input: { ...TEXT_TO_IMAGE.input, sampler: 'euler_a', seed: null },
  output: QUEUED_JOB.output,
  policy: QUEUED_JOB.policy,
  webhook: null,
  metadata: QUEUED_JOB.metadata,
  queue: { ahead: null, estimatedStartSeconds: 2 },
  estimatedRunSeconds: 6,
};

function output(index: number, sha256: string): Job['outputs'][number] {
  return {
    index,
    state: 'available',
    contentType: 'image/webp',
    width: 128,
    height: 64,
    bytes: 3416,
    sha256,
    seed: 42 + index,
    contentUrl: `${SELF}/outputs/${index}/content`,
    url: `https://files.example.com/${index}.webp?X-Amz-Signature=0000`,
    urlExpiresAt: '2026-01-01T13:00:07.000Z',
    thumbnailUrl: `https://files.example.com/${index}-thumbnail.webp?X-Amz-Signature=0000`,
  };
}

/** The same job, while its first image is made. */
export const RUNNING_JOB: Job = {
  ...QUEUED_JOB,
  status: 'running',
  phase: 'inferring',
  version: 3,
  progress: {
    fraction: 0.25,
    step: 2,
    steps: 4,
    image: 1,
    images: 2,
    etaSeconds: 4,
    previewUrl: 'https://files.example.com/preview.webp?X-Amz-Signature=0000',
  },
  attempts: [{ number: 1, outcome: null, reason: null, startedAt: '2026-01-01T12:00:01.000Z', endedAt: null }],
  startedAt: '2026-01-01T12:00:01.000Z',
};

/** The same job, done. */
export const SUCCEEDED_JOB: Job = {
  ...QUEUED_JOB,
  status: 'succeeded',
  version: 6,
  progress: { fraction: 1, step: 4, steps: 4, image: 2, images: 2, etaSeconds: 0, previewUrl: null },
  outputs: [
    output(0, '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'),
    output(1, '486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7'),
  ],
  attempts: [
    {
      number: 1,
      outcome: 'succeeded',
      reason: null,
      startedAt: '2026-01-01T12:00:01.000Z',
      endedAt: '2026-01-01T12:00:07.000Z',
    },
  ],
  timings: { queuedMs: 1000, modelLoadMs: 0, inferenceMs: 5600, uploadMs: 210 },
  startedAt: '2026-01-01T12:00:01.000Z',
  finishedAt: '2026-01-01T12:00:07.000Z',
  links: { self: SELF, cancel: null, events: `${SELF}/events`, retry: `${SELF}/retry` },
};

export const CANCELED_JOB: Job = {
  ...QUEUED_JOB,
  status: 'canceled',
  version: 2,
  finishedAt: '2026-01-01T12:00:03.000Z',
  cancelRequestedAt: '2026-01-01T12:00:03.000Z',
  links: SUCCEEDED_JOB.links,
};

export const CANCELING_JOB: Job = {
  ...QUEUED_JOB,
  status: 'canceling',
  phase: 'inferring',
  version: 4,
  attempts: [{ number: 1, outcome: null, reason: null, startedAt: '2026-01-01T12:00:01.000Z', endedAt: null }],
  startedAt: '2026-01-01T12:00:01.000Z',
  cancelRequestedAt: '2026-01-01T12:00:03.000Z',
};

export const EXAMPLE_MODEL_OBJECT: Model = {
  id: EXAMPLE_MODEL,
  object: 'model',
  description: 'Procedural placeholder renderer',
  pool: 'local',
  engine: 'sketch',
  tasks: ['text-to-image'],
  formats: ['png', 'jpeg', 'webp', 'avif'],
  limits: { maxWidth: 2048, maxHeight: 2048, maxSteps: 150, maxImages: 8 },
  state: 'warm',
};
