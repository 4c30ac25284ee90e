import { type Batch, batchSchema, createBatchSchema, LIMITS, toProblem } from '@afterimage/job-schemas';
import type * as z from 'zod';
import {
  EXAMPLE_BATCH_ID,
  EXAMPLE_JOB_ID,
  EXAMPLE_MODEL,
  EXAMPLE_TIME,
  QUEUED_JOB,
  TEXT_TO_IMAGE,
} from '../examples.ts';
import type { Operation } from '../operation.ts';

const SELF = `https://api.example.com/v1/batches/${EXAMPLE_BATCH_ID}`;
const NONE = { running: 0, canceling: 0, succeeded: 0, failed: 0, canceled: 0, expired: 0 };

const MINIMAL = { model: EXAMPLE_MODEL, task: 'text-to-image', input: { prompt: 'a lighthouse at night' } } as const;

const CREATE_EXAMPLES = {
  'two jobs': {
    items: [TEXT_TO_IMAGE, MINIMAL],
    webhook: { url: 'https://example.com/batches' },
    metadata: { orderId: 'A-17' },
  },
  minimal: { items: [MINIMAL] },
} satisfies Record<string, z.input<typeof createBatchSchema>>;

const rejected = {
  index: 1,
  status: 422,
  jobId: null,
  jobStatus: null,
  problem: toProblem(
    'validation-failed',
    {
      detail: '1 field is invalid',
      errors: [{ pointer: '#/input/width', code: 'multiple_of', detail: 'must be a multiple of 8, got 100', limit: 8 }],
    },
    { instance: '/v1/batches', requestId: '0f2d6d1c-6a0e-4c38-9a6e-3f1c1a0b7d11' },
  ),
};

const PROCESSING: Batch = {
  id: EXAMPLE_BATCH_ID,
  object: 'batch',
  status: 'processing',
  counts: { total: 2, rejected: 1, queued: 1, ...NONE },
  items: [{ index: 0, status: 202, jobId: EXAMPLE_JOB_ID, jobStatus: 'queued', problem: null }, rejected],
  webhook: null,
  metadata: {},
  createdAt: EXAMPLE_TIME,
  cancelRequestedAt: null,
  finishedAt: null,
  traceId: QUEUED_JOB.traceId,
  links: { self: SELF, cancel: `${SELF}/cancel`, jobs: `https://api.example.com/v1/jobs?batchId=${EXAMPLE_BATCH_ID}` },
};

/** The same batch, done. */
export const COMPLETED_BATCH: Batch = {
  ...PROCESSING,
  status: 'completed',
  counts: { total: 2, rejected: 1, queued: 0, ...NONE, succeeded: 1 },
  items: [{ index: 0, status: 202, jobId: EXAMPLE_JOB_ID, jobStatus: 'succeeded', problem: null }, rejected],
  finishedAt: '2026-01-01T12:00:07.000Z',
  links: { ...PROCESSING.links, cancel: null },
};

const CANCELING: Batch = {
  ...PROCESSING,
  status: 'canceling',
  counts: { total: 2, rejected: 1, queued: 0, ...NONE, canceling: 1 },
  items: [{ index: 0, status: 202, jobId: EXAMPLE_JOB_ID, jobStatus: 'canceling', problem: null }, rejected],
  cancelRequestedAt: '2026-01-01T12:00:03.000Z',
};

export const createBatch: Operation = {
  operationId: 'createBatch',
  tag: 'Batches',
  summary: 'Create many jobs',
  description:
    `Up to ${LIMITS.batch.items} requests for a job, each of up to ${LIMITS.bodyBytes / 1024} KiB, in a body of up to ` +
    `${LIMITS.batch.bodyBytes / 1024 ** 2} MiB. Each item is accepted or rejected by itself: its \`status\` is 202, or that of ` +
    'its `problem`, whose pointers lead into the item. Of many errors of one item the first are kept. With an idempotency ' +
    'key the request can be repeated safely: it yields the same batch with the same jobs, and makes what was cut off.',
  parameters: ['IdempotencyKey', 'Traceparent'],
  request: { schema: createBatchSchema, examples: CREATE_EXAMPLES },
  responses: {
    207: {
      description: 'Accepted, item by item.',
      headers: ['Location', 'RetryAfter', 'IdempotencyReplayed'],
      json: { schema: batchSchema, examples: { 'one of two is wrong': PROCESSING } },
    },
  },
  problems: [
    'malformed-request',
    'payload-too-large',
    'unsupported-media-type',
    'validation-failed',
    'idempotency-key-reused',
    'queue-full',
  ],
};

export const getBatch: Operation = {
  operationId: 'getBatch',
  tag: 'Batches',
  summary: 'Get a batch',
  description:
    'With the state of each job, and the counts of them. It is `completed` once every job has ended, however it did. ' +
    'The jobs themselves are listed by `GET /v1/jobs?batchId=`.',
  responses: {
    200: {
      description: 'The batch.',
      headers: ['RetryAfter'],
      json: { schema: batchSchema, examples: { completed: COMPLETED_BATCH, processing: PROCESSING } },
    },
  },
  problems: ['not-found', 'validation-failed'],
};

export const cancelBatch: Operation = {
  operationId: 'cancelBatch',
  tag: 'Batches',
  summary: 'Cancel a batch',
  description:
    'Cancels every job of it that has not ended: queued ones at once, running ones within seconds. To cancel it again, or ' +
    'once it is completed, changes nothing.',
  responses: {
    202: {
      description: 'The batch as it is now.',
      headers: ['RetryAfter'],
      json: { schema: batchSchema, examples: { canceling: CANCELING } },
    },
  },
  problems: ['not-found', 'validation-failed'],
};
