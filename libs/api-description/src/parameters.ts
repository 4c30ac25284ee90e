import {
  createJobQuerySchema,
  deliveryListQuerySchema,
  jobListQuerySchema,
  LIMITS,
  redeliverFailedQuerySchema,
} from '@afterimage/job-schemas';
import * as z from 'zod';
import {
  EXAMPLE_BATCH_ID,
  EXAMPLE_DELIVERY_ID,
  EXAMPLE_ENDPOINT_ID,
  EXAMPLE_ETAG,
  EXAMPLE_JOB_ID,
  EXAMPLE_KEY_ID,
  EXAMPLE_MODEL,
  EXAMPLE_TIME,
  EXAMPLE_TRACEPARENT,
} from './examples.ts';
import type { JsonObject } from './json.ts';
import { inlineSchema } from './schemas.ts';

const { min, max } = LIMITS.waitSeconds;
const text: JsonObject = { type: 'string' };

function header(name: string, description: string, schema: JsonObject, example: unknown): JsonObject {
  return { name, in: 'header', description, required: false, schema, example };
}

function query(name: keyof typeof jobListQuerySchema.shape, description: string, example?: unknown): JsonObject {
  const schema = inlineSchema(jobListQuerySchema.shape[name]);
  return { name, in: 'query', description, required: false, schema, ...(example === undefined ? {} : { example }) };
}

function path(name: string, description: string, schema: JsonObject, example: unknown): JsonObject {
  return { name, in: 'path', description, required: true, schema, example };
}

/** `components.parameters`: headers and query parameters that operations name, and the parameters of paths. */
export const PARAMETERS = {
  IdempotencyKey: header(
    'Idempotency-Key',
    `Bare or quoted, up to ${LIMITS.idempotencyKeyCharacters} visible ASCII characters. The same key and body give the same job, batch or endpoint, however often they are sent.`,
    { type: 'string', minLength: 1 },
    '"7c9e6679-7425-40de-944b-e07fc1f90ae7"',
  ),
  Prefer: header(
    'Prefer',
    `\`wait=N\` (RFC 7240) holds the answer for up to N seconds, ${min} to ${max}.`,
    text,
    'wait=1',
  ),
  IfNoneMatch: header(
    'If-None-Match',
    'The entity tag of the version that the client has. With `Prefer: wait=N` the answer waits for another version.',
    text,
    EXAMPLE_ETAG,
  ),
  LastEventId: header(
    'Last-Event-ID',
    'The id of the last event that the client has. The stream goes on after it.',
    { type: 'string' },
    '0',
  ),
  IfNoneMatchFile: header('If-None-Match', 'The entity tag of the file that the client has.', text, '"0"'),
  Traceparent: header('traceparent', 'W3C Trace Context; the job keeps it.', text, EXAMPLE_TRACEPARENT),
  DryRun: {
    name: 'dryRun',
    in: 'query',
    description: '`true`: check the request and show the job as it would be, with estimates. Nothing is created.',
    required: false,
    schema: inlineSchema(createJobQuerySchema.shape.dryRun),
    example: 'false',
  },
  Status: query('status', 'Only jobs of this status.', 'succeeded'),
  ModelFilter: query('model', 'Only jobs of this model.', EXAMPLE_MODEL),
  BatchFilter: query('batchId', 'Only jobs of this batch.'),
  CreatedAfter: query('createdAfter', 'Only jobs that were created after this time.', EXAMPLE_TIME),
  CreatedBefore: query('createdBefore', 'Only jobs that were created before this time.'),
  Limit: query('limit', 'Entries on a page.', LIMITS.listLimit.default),
  Cursor: query('cursor', '`nextCursor` of the page before; it holds for the same filter only.'),
  BatchId: path('id', 'A batch.', text, EXAMPLE_BATCH_ID),
  FromDay: {
    name: 'from',
    in: 'query',
    description: 'The first day; 30 days in all unless given.',
    required: false,
    schema: { type: 'string', format: 'date' },
    example: '2026-01-01',
  },
  ToDay: {
    name: 'to',
    in: 'query',
    description: 'The last day; today, in UTC, unless given.',
    required: false,
    schema: { type: 'string', format: 'date' },
    example: '2026-01-31',
  },
  JobId: path(
    'id',
    'A job, by its id or by the one that its client gave it in the form of the AWS guidance.',
    text,
    EXAMPLE_JOB_ID,
  ),
  OutputNumber: path('n', 'Number of an output, from 0.', text, '0'),
  KeyId: path('id', 'An API key, by its id, which is the second part of its text.', text, EXAMPLE_KEY_ID),
  DeliveryStatus: {
    name: 'status',
    in: 'query',
    description: 'Only deliveries of this status.',
    required: false,
    schema: inlineSchema(deliveryListQuerySchema.shape.status),
    example: 'delivered',
  },
  Since: {
    name: 'since',
    in: 'query',
    description: 'Only events whose delivery began at this time or later.',
    required: true,
    schema: inlineSchema(redeliverFailedQuerySchema.shape.since),
    example: EXAMPLE_TIME,
  },
  WebhookEndpointId: path('id', 'A webhook endpoint.', text, EXAMPLE_ENDPOINT_ID),
  WebhookDeliveryId: path('id', 'A webhook delivery.', text, EXAMPLE_DELIVERY_ID),
  ModelId: path('id', 'A model.', text, EXAMPLE_MODEL),
} as const satisfies Record<string, JsonObject>;
export type ParameterName = keyof typeof PARAMETERS;

/** Whose parameter it is, by the part of the path in front of it. */
const OF_PATH: Readonly<Record<string, ParameterName>> = {
  'webhook-endpoints': 'WebhookEndpointId',
  'webhook-deliveries': 'WebhookDeliveryId',

  batches: 'BatchId',
  jobs: 'JobId',
  outputs: 'OutputNumber',
  models: 'ModelId',
  keys: 'KeyId',
};

/** The parameters in a path. @throws Error when one of them is not described */
export function pathParameters(route: string): ParameterName[] {
  return [...route.matchAll(/([^/]+)\/\{\w+\}/g)].map(([, owner = '']) => {
    const name = OF_PATH[owner];
    if (name === undefined) throw new Error(`the parameter of ${owner} in ${route} is not described`);
    return name;
  });
}

const seconds = inlineSchema(z.int().min(0));

/** `components.headers`: of answers. */
export const HEADERS = {
  ETag: { description: "Entity tag of the job's version.", schema: text, example: EXAMPLE_ETAG },
  FileETag: { description: 'Entity tag of the file.', schema: text },
  IdempotencyReplayed: {
    description: '`true` when what is created was there already.',
    schema: { type: 'string', const: 'true' },
  },
  Link: { description: 'The next page (`rel="next"`), when there is one.', schema: text },
  Location: { description: 'Where to go on.', schema: text },
  PreferenceApplied: { description: 'The wait that was granted.', schema: text, example: 'wait=1' },
  RateLimit: {
    description:
      'What is left of the policy: `r` requests in the next `t` seconds (draft-ietf-httpapi-ratelimit-headers).',
    schema: text,
    example: '"create";r=599;t=42',
  },
  RateLimitPolicy: { description: '`q` requests in `w` seconds.', schema: text, example: '"create";q=600;w=60' },
  RetryAfter: { description: 'Seconds to wait before the next request.', schema: seconds, example: 2 },
  Vary: { description: 'What the answer depends on.', schema: text, example: 'accept' },
  WWWAuthenticate: { description: 'How to authenticate.', schema: text, example: 'Bearer' },
  XRequestId: { description: 'Id of the request, for questions about it.', schema: text },
} as const satisfies Record<string, JsonObject>;
export type HeaderName = keyof typeof HEADERS;

/** Of every answer to a request that was counted. */
export const RATE_HEADERS = ['RateLimit', 'RateLimitPolicy'] as const satisfies readonly HeaderName[];

const WIRE_NAMES: Readonly<Partial<Record<HeaderName, string>>> = {
  FileETag: 'ETag',
  IdempotencyReplayed: 'Idempotency-Replayed',
  PreferenceApplied: 'Preference-Applied',
  RateLimitPolicy: 'RateLimit-Policy',
  RetryAfter: 'Retry-After',
  WWWAuthenticate: 'WWW-Authenticate',
  XRequestId: 'X-Request-Id',
};

/** The `headers` of a response. */
export function headerRefs(names: readonly HeaderName[]): JsonObject {
  const entries = names.map((name) => [WIRE_NAMES[name] ?? name, { $ref: `#/components/headers/${name}` }]);
  return Object.fromEntries(entries);
}
