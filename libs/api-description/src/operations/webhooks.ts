import {
  createWebhookEndpointSchema,
  redeliveriesSchema,
  TEST_EVENT,
  updateWebhookEndpointSchema,
  webhookDeliveryListSchema,
  webhookDeliverySchema,
  webhookEndpointListSchema,
  webhookEndpointSchema,
  webhookEndpointWithSecretSchema,
} from '@afterimage/job-schemas';
import { EXAMPLE_DELIVERY_ID, EXAMPLE_ENDPOINT_ID, EXAMPLE_TIME } from '../examples.ts';
import type { Operation } from '../operation.ts';

const URL = 'https://example.com/hooks/afterimage';

const ENDPOINT = {
  id: EXAMPLE_ENDPOINT_ID,
  object: 'webhook_endpoint',
  url: URL,
  events: ['job.succeeded', 'job.failed', 'batch.completed'],
  description: 'the shop',
  enabled: true,
  disabledReason: null,
  disabledAt: null,
  failingSince: null,
  secretRotatedUntil: null,
  createdAt: EXAMPLE_TIME,
  updatedAt: EXAMPLE_TIME,
};
const WITH_SECRET = { ...ENDPOINT, secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDC2FVsBQIhrs=' };
const FAILING = {
  ...ENDPOINT,
  enabled: false,
  disabledReason: 'failing',
  disabledAt: '2026-01-06T12:00:00.000Z',
  failingSince: EXAMPLE_TIME,
};

const SENT = {
  'content-type': 'application/json',
  'user-agent': 'Afterimage-Webhooks/1',
  'webhook-id': 'evt_01K5XQ7R8ZV3M2N4P6T9WACDEF',
  'webhook-timestamp': '1767268800',
};
const DELIVERED = {
  id: EXAMPLE_DELIVERY_ID,
  object: 'webhook_delivery',
  endpointId: EXAMPLE_ENDPOINT_ID,
  eventId: 'evt_01K5XQ7R8ZV3M2N4P6T9WACDEF',
  eventType: TEST_EVENT,
  subject: EXAMPLE_ENDPOINT_ID,
  url: URL,
  status: 'delivered',
  attempts: [{ number: 1, sentAt: EXAMPLE_TIME, statusCode: 204, error: null, latencyMs: 87, requestHeaders: SENT }],
  nextAttemptAt: null,
  requestBody: `{"type":"${TEST_EVENT}","timestamp":"${EXAMPLE_TIME}","data":{"endpointId":"${EXAMPLE_ENDPOINT_ID}"}}`,
  createdAt: EXAMPLE_TIME,
};
const PENDING = { ...DELIVERED, status: 'pending', nextAttemptAt: '2026-01-01T12:01:00.000Z' };
const REFUSED = {
  ...DELIVERED,
  status: 'failed',
  attempts: DELIVERED.attempts.map((attempt) => ({
    ...attempt,
    statusCode: null,
    error: 'the connection failed: ECONNREFUSED',
  })),
};

const OF_BODIES = ['malformed-request', 'payload-too-large', 'unsupported-media-type', 'validation-failed'] as const;

export const createWebhookEndpoint: Operation = {
  operationId: 'createWebhookEndpoint',
  tag: 'Webhooks',
  summary: 'Register an endpoint',
  description:
    'From now on the events that it names are sent to it. The answer is the only one that shows the secret which signs them: with an ' +
    'idempotency key the request can be repeated without a second endpoint, and within 24 hours and before a rotation the answer ' +
    'shows the same secret again.',
  parameters: ['IdempotencyKey'],
  request: {
    schema: createWebhookEndpointSchema,
    examples: {
      'the ends of jobs and batches': { url: URL },
      'some events': { url: URL, events: ['job.succeeded', 'job.failed'], description: 'the shop' },
    },
  },
  responses: {
    201: {
      description: 'Registered.',
      headers: ['Location', 'IdempotencyReplayed'],
      json: { schema: webhookEndpointWithSecretSchema, examples: { registered: WITH_SECRET } },
    },
  },
  problems: [...OF_BODIES, 'webhook-endpoint-limit-reached', 'webhook-endpoint-changed', 'idempotency-key-reused'],
};

export const listWebhookEndpoints: Operation = {
  operationId: 'listWebhookEndpoints',
  tag: 'Webhooks',
  summary: 'List endpoints',
  description: 'All of them, on one page.',
  responses: {
    200: {
      description: 'The endpoints.',
      json: { schema: webhookEndpointListSchema, examples: { 'one endpoint': { data: [ENDPOINT], nextCursor: null } } },
    },
  },
  problems: [],
};

export const getWebhookEndpoint: Operation = {
  operationId: 'getWebhookEndpoint',
  tag: 'Webhooks',
  summary: 'Get an endpoint',
  description: 'Whether it is enabled, and since when requests to it fail.',
  responses: {
    200: {
      description: 'The endpoint.',
      json: { schema: webhookEndpointSchema, examples: { enabled: ENDPOINT, 'failed for five days': FAILING } },
    },
  },
  problems: ['not-found'],
};

export const updateWebhookEndpoint: Operation = {
  operationId: 'updateWebhookEndpoint',
  tag: 'Webhooks',
  summary: 'Change an endpoint',
  description:
    'What is given takes the place of what was. Attempts that are due go to the new URL; enabling makes failures forgotten.',
  request: {
    schema: updateWebhookEndpointSchema,
    examples: { enable: { enabled: true }, 'other events': { events: ['batch.completed'] } },
  },
  responses: {
    200: { description: 'Changed.', json: { schema: webhookEndpointSchema, examples: { changed: ENDPOINT } } },
  },
  problems: [...OF_BODIES, 'not-found', 'webhook-endpoint-changed'],
};

export const deleteWebhookEndpoint: Operation = {
  operationId: 'deleteWebhookEndpoint',
  tag: 'Webhooks',
  summary: 'Delete an endpoint',
  description: 'Nothing more is sent to it; what was under way fails.',
  responses: { 204: { description: 'Deleted.' } },
  problems: ['not-found'],
};

export const rotateWebhookSecret: Operation = {
  operationId: 'rotateWebhookSecret',
  tag: 'Webhooks',
  summary: 'Rotate the secret',
  description: 'Makes a new secret and shows it. For 24 hours requests are signed with the old one as well.',
  responses: {
    200: {
      description: 'Rotated.',
      json: {
        schema: webhookEndpointWithSecretSchema,
        examples: { rotated: { ...WITH_SECRET, secretRotatedUntil: '2026-01-02T12:00:00.000Z' } },
      },
    },
  },
  problems: ['not-found', 'webhook-endpoint-changed'],
};

export const testWebhookEndpoint: Operation = {
  operationId: 'testWebhookEndpoint',
  tag: 'Webhooks',
  summary: 'Send a test event',
  description: `Sends an event of the type \`${TEST_EVENT}\` once, to a disabled endpoint too, and waits for what becomes of it.`,
  responses: {
    200: {
      description: 'What was sent, and what was answered.',
      json: { schema: webhookDeliverySchema, examples: { delivered: DELIVERED, 'not reached': REFUSED } },
    },
  },
  problems: ['not-found'],
};

export const listWebhookDeliveries: Operation = {
  operationId: 'listWebhookDeliveries',
  tag: 'Webhooks',
  summary: 'List deliveries',
  description: 'Of the last 30 days, newest first, each with all that was sent and answered.',
  parameters: ['DeliveryStatus', 'Limit', 'Cursor'],
  responses: {
    200: {
      description: 'A page of deliveries.',
      headers: ['Link'],
      json: {
        schema: webhookDeliveryListSchema,
        examples: { 'one delivery': { data: [DELIVERED], nextCursor: null } },
      },
    },
  },
  problems: ['not-found', 'validation-failed'],
};

export const redeliverFailed: Operation = {
  operationId: 'redeliverFailedWebhooks',
  tag: 'Webhooks',
  summary: 'Send failed events again',
  description:
    'Every event since a time whose delivery failed, the newest first, but for tests. At most 100 in a call: while `hasMore` is true, call again with `nextCursor`.',
  parameters: ['Since', 'Cursor'],
  responses: {
    202: {
      description: 'They are on their way.',
      json: {
        schema: redeliveriesSchema,
        examples: { all: { object: 'webhook_redeliveries', redelivered: 3, hasMore: false, nextCursor: null } },
      },
    },
  },
  problems: ['not-found', 'webhook-endpoint-disabled', 'validation-failed'],
};

export const getWebhookDelivery: Operation = {
  operationId: 'getWebhookDelivery',
  tag: 'Webhooks',
  summary: 'Get a delivery',
  description: 'To an endpoint, or to the webhook that a job names.',
  responses: {
    200: {
      description: 'What was sent, and what was answered.',
      json: { schema: webhookDeliverySchema, examples: { delivered: DELIVERED } },
    },
  },
  problems: ['not-found'],
};

export const redeliverWebhook: Operation = {
  operationId: 'redeliverWebhook',
  tag: 'Webhooks',
  summary: 'Send an event again',
  description: 'At once, with the same `webhook-id` and body. When it fails, the schedule begins anew.',
  responses: {
    202: {
      description: 'It is on its way.',
      json: { schema: webhookDeliverySchema, examples: { pending: PENDING } },
    },
  },
  problems: ['not-found', 'webhook-endpoint-disabled'],
};
