import { randomBytes } from 'node:crypto';
import {
  createDynamoClient,
  createSqsClient,
  createTableInput,
  DynamoWebhookEndpointStore,
  SqsMessageQueue,
} from '@afterimage/job-aws';
import { problemSchema } from '@afterimage/job-schemas';
import { type EmbeddedAws, type EmbeddedQueue, startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import type { handler as webhookHandler } from '../src/handler.ts';

const ENDPOINTS = '/v1/webhook-endpoints';
const URL = 'https://example.com/hook';

let aws: EmbeddedAws;
let handler: typeof webhookHandler;
let notifications: EmbeddedQueue;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  notifications = await aws.createQueue('notifications');
  const env = {
    ...aws.env,
    JOB_TABLE: await aws.createTable(createTableInput('jobs')),
    NOTIFICATIONS_QUEUE_URL: notifications.url,
    API_URL: 'https://api.example.com/',
    CURSOR_SECRET: 's'.repeat(32),
    WEBHOOK_SECRET_KEYS: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'ERROR',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  ({ handler } = await import('../src/handler.ts'));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
});

interface Call {
  readonly tenantId?: string;
  readonly scopes?: string;
  readonly id?: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  /** Left when the call begins; a test of an endpoint ends before it. */
  readonly remainingMs?: number;
}

async function call(method: string, resource: string, given: Call = {}) {
  const { tenantId = 'tenant-1', scopes = 'webhooks:manage', id, body, idempotencyKey, remainingMs = 29_000 } = given;
  const event = {
    httpMethod: method,
    resource,
    path: resource.replace('{id}', id ?? ''),
    headers: {
      'content-type': 'application/json',
      ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
    },
    pathParameters: id === undefined ? null : { id },
    multiValueQueryStringParameters: null,
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1', authorizer: { tenantId, keyId: 'key-1', scopes } },
  };
  const result = await handler(event, { getRemainingTimeInMillis: () => remainingMs } as Context);
  return {
    status: result.statusCode,
    headers: z.record(z.string(), z.string()).parse(result.headers),
    json: result.body === '' ? undefined : JSON.parse(result.body),
  };
}

const createdSchema = z.looseObject({ id: z.string(), url: z.string(), secret: z.string() });

describe('an endpoint', () => {
  it('is made, found, changed, listed and removed, and shows its secret once', async () => {
    const made = await call('POST', ENDPOINTS, { body: { url: URL, events: ['job.succeeded'] } });
    expect(made.status).toBe(201);
    const { id, secret } = createdSchema.parse(made.json);
    expect(secret).toMatch(/^whsec_/);
    expect(made.headers['location']).toBe(`https://api.example.com${ENDPOINTS}/${id}`);

    const changed = await call('PATCH', `${ENDPOINTS}/{id}`, { id, body: { enabled: false } });
    expect(changed).toMatchObject({ status: 200, json: { id, enabled: false } });
    const found = await call('GET', `${ENDPOINTS}/{id}`, { id });
    expect(found).toMatchObject({ status: 200, json: { id, url: URL, enabled: false, events: ['job.succeeded'] } });
    const listed = await call('GET', ENDPOINTS);
    expect(listed).toMatchObject({ status: 200, json: { data: [{ id }] } });
    expect(JSON.stringify([changed, found, listed])).not.toContain('whsec_');

    expect((await call('DELETE', `${ENDPOINTS}/{id}`, { id })).status).toBe(204);
    expect((await call('GET', `${ENDPOINTS}/{id}`, { id })).status).toBe(404);
  });

  it('is kept with its secret sealed', async () => {
    const { id, secret } = createdSchema.parse((await call('POST', ENDPOINTS, { body: { url: URL } })).json);

    const store = new DynamoWebhookEndpointStore(createDynamoClient(aws.options.dynamodb), 'jobs');
    const kept = JSON.stringify(await store.get('tenant-1', id));
    expect(kept).toContain(URL);
    expect(kept).not.toContain(secret.slice('whsec_'.length));
  });

  it('is made once under one key, and shows the same secret to the request that comes again', async () => {
    const given = { tenantId: 'tenant-with-keys', body: { url: URL }, idempotencyKey: '"key-1"' };

    const [first, second] = await Promise.all([call('POST', ENDPOINTS, given), call('POST', ENDPOINTS, given)]);
    const third = await call('POST', ENDPOINTS, given);

    expect([first, second, third].map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(third.headers).toMatchObject({ 'idempotency-replayed': 'true' });
    const created = [first, second, third].map(({ json }) => createdSchema.parse(json));
    expect(new Set(created.map(({ id, secret }) => `${id} ${secret}`)).size).toBe(1);
    const listed = await call('GET', ENDPOINTS, { tenantId: given.tenantId });
    expect(listed).toMatchObject({ status: 200, json: { data: [{ id: created[0]?.id }] } });
    const other = await call('POST', ENDPOINTS, { ...given, body: { url: `${URL}/other` } });
    expect(problemSchema.parse(other.json)).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });

  it('has another secret after a rotation', async () => {
    const { id, secret } = createdSchema.parse((await call('POST', ENDPOINTS, { body: { url: URL } })).json);

    const rotated = await call('POST', `${ENDPOINTS}/{id}/rotate-secret`, { id });

    expect(rotated.status).toBe(200);
    expect(createdSchema.parse(rotated.json).secret).not.toBe(secret);
  });

  it('that is tried has a delivery in the queue of the notifier, which can be looked up', async () => {
    const { id } = createdSchema.parse((await call('POST', ENDPOINTS, { body: { url: URL } })).json);

    // Nobody takes the delivery here: the answer tells of it as it is when the time is nearly over.
    const tried = await call('POST', `${ENDPOINTS}/{id}/test`, { id, remainingMs: 1500 });

    const queue = new SqsMessageQueue(createSqsClient(aws.options.sqs), notifications.url);
    const signal = AbortSignal.timeout(10_000);
    const [message] = await queue.receive({ max: 1, waitSeconds: 5, visibilitySeconds: 30, signal });
    const deliveryId = String(tried.json.id);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ deliveryId });
    const delivery = await call('GET', '/v1/webhook-deliveries/{id}', { id: deliveryId });
    expect(delivery).toMatchObject({ status: 200, json: { id: deliveryId, status: 'pending' } });
    const record = await call('GET', `${ENDPOINTS}/{id}/deliveries`, { id });
    expect(record).toMatchObject({ status: 200, json: { data: [{ id: deliveryId }] } });
  });
});

describe('a call is refused', () => {
  it('to whom has no scope for it', async () => {
    const { status, json } = await call('GET', ENDPOINTS, { scopes: 'jobs:read' });

    expect(problemSchema.parse(json)).toMatchObject({ status, code: 'insufficient-scope' });
  });

  it('of another tenant, as if there were no such endpoint', async () => {
    const { id } = createdSchema.parse((await call('POST', ENDPOINTS, { body: { url: URL } })).json);

    const { status, json } = await call('GET', `${ENDPOINTS}/{id}`, { id, tenantId: 'tenant-2' });

    expect(problemSchema.parse(json)).toMatchObject({ status, code: 'not-found' });
  });

  it.each(['https://169.254.169.254/', 'http://127.0.0.1:9000/'])('that wants webhooks at %s', async (url) => {
    const { status, json } = await call('POST', ENDPOINTS, { body: { url } });

    expect(problemSchema.parse(json)).toMatchObject({ status: 422, errors: [{ pointer: '#/url' }] });
    expect(status).toBe(422);
  });
});
