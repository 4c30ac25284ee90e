import {
  batchWebhookBodySchema,
  type Job,
  type JobEventType,
  jobEventTypeSchema,
  TEST_EVENT,
  testWebhookBodySchema,
  webhookBodySchema,
} from '@afterimage/job-schemas';
import type * as z from 'zod';
import {
  CANCELED_JOB,
  CANCELING_JOB,
  EXAMPLE_ENDPOINT_ID,
  EXAMPLE_TIME,
  EXAMPLE_TRACEPARENT,
  QUEUED_JOB,
  SUCCEEDED_JOB,
} from './examples.ts';
import type { JsonObject } from './json.ts';
import { COMPLETED_BATCH } from './operations/batches.ts';
import { schemaRef } from './schemas.ts';

const EVENTS: Readonly<Record<JobEventType, { readonly summary: string; readonly job: Job }>> = {
  'job.queued': { summary: 'A job was accepted', job: QUEUED_JOB },
  'job.started': {
    summary: 'A worker has taken the job',
    job: { ...CANCELING_JOB, status: 'running', phase: 'preparing', version: 2, cancelRequestedAt: null },
  },
  'job.succeeded': { summary: 'The images are there', job: SUCCEEDED_JOB },
  'job.failed': {
    summary: 'The job failed for good',
    job: {
      ...CANCELED_JOB,
      status: 'failed',
      cancelRequestedAt: null,
      error: {
        code: 'out_of_memory',
        message: 'the model does not fit',
        stage: 'inferring',
        attempt: 3,
        retryable: false,
      },
    },
  },
  'job.canceled': { summary: 'The job was canceled', job: CANCELED_JOB },
  'job.expired': {
    summary: 'The job did not start in time',
    job: { ...CANCELED_JOB, status: 'expired', cancelRequestedAt: null },
  },
};

function header(name: string, description: string, required: boolean, example: string): JsonObject {
  return { name, in: 'header', description, required, schema: { type: 'string' }, example };
}

/** The headers of Standard Webhooks, which come with every request to a receiver. */
export const WEBHOOK_PARAMETERS: JsonObject = {
  WebhookId: header(
    'webhook-id',
    'Id of the event; the same on every attempt.',
    true,
    'evt_01K5XQ7R8ZV3M2N4P6T9WACDEF',
  ),
  WebhookTimestamp: header('webhook-timestamp', 'Unix time of this attempt, in seconds.', true, '1767268807'),
  WebhookSignature: header(
    'webhook-signature',
    'One or more signatures, with a space between: `v1,` and the base64 of HMAC-SHA256 over `{id}.{timestamp}.{body}`.',
    true,
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
  WebhookTraceparent: header('traceparent', 'W3C Trace Context of the job.', false, EXAMPLE_TRACEPARENT),
};

const DESCRIPTION =
  'Signed as Standard Webhooks say. Any 2xx within 15 s is success; all else, redirects included, is tried again for about 76 h. ';
const ORDER = 'Order is not promised: `data.job.version` tells which is newer.';
const ONCE = 'One event for each batch, once all its jobs have ended.';

interface WebhookExample {
  readonly type: JobEventType | 'batch.completed' | typeof TEST_EVENT;
  readonly timestamp: string;
  readonly data: JsonObject;
}

function webhook(summary: string, description: string, schema: z.ZodType, example: WebhookExample): JsonObject {
  const { type } = example;
  return {
    post: {
      operationId: `on${type.replaceAll(/(?:^|\.)([a-z])/g, (_match, letter: string) => letter.toUpperCase())}`,
      summary,
      description: `${DESCRIPTION}${description}`,
      // Receivers are not clients of the API: the signature is what they check.
      security: [],
      parameters: Object.keys(WEBHOOK_PARAMETERS).map((name) => ({ $ref: `#/components/parameters/${name}` })),
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { allOf: [schemaRef(schema, 'output')], properties: { type: { const: type } } },
            examples: { [type]: { value: example } },
          },
        },
      },
      responses: {
        '2XX': { description: 'Received.' },
        '4XX': { description: 'Not taken; tried again.' },
        '5XX': { description: 'Not taken; tried again, not before `Retry-After`.' },
      },
    },
  };
}

function jobWebhook(type: JobEventType): JsonObject {
  const { summary, job } = EVENTS[type];
  const { input: _input, ...eventJob } = job;
  const timestamp = job.finishedAt ?? job.startedAt ?? EXAMPLE_TIME;
  return webhook(summary, ORDER, webhookBodySchema, { type, timestamp, data: { job: eventJob } });
}

function batchWebhook(): JsonObject {
  const { items: _items, ...batch } = COMPLETED_BATCH;
  const timestamp = batch.finishedAt ?? EXAMPLE_TIME;
  const example = { type: 'batch.completed', timestamp, data: { batch } } as const;
  return webhook('Every job of a batch has ended', ONCE, batchWebhookBodySchema, example);
}

function testWebhook(): JsonObject {
  const data = { endpointId: EXAMPLE_ENDPOINT_ID };
  const example = { type: TEST_EVENT, timestamp: EXAMPLE_TIME, data } as const;
  return webhook('A test of an endpoint was asked for', 'Sent once.', testWebhookBodySchema, example);
}

/** Top-level `webhooks`, one for each event. */
export function describeWebhooks(): JsonObject {
  return {
    ...Object.fromEntries(jobEventTypeSchema.options.map((type) => [type, jobWebhook(type)])),
    'batch.completed': batchWebhook(),
    [TEST_EVENT]: testWebhook(),
  };
}
