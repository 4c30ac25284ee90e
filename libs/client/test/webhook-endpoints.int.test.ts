import { createWebhookEndpointSchema, updateWebhookEndpointSchema } from '@afterimage/job-schemas';
import { aShownDelivery, aShownEndpoint, DELIVERY_ID, ENDPOINT_ID } from '@afterimage/testing/fake-api';
import { describe, expect, test } from 'vitest';
import type { WebhookDelivery, WebhookEndpoint } from '../src/index.ts';
import { aClient, anApi } from './a-client.ts';

const ENDPOINTS = '/v1/webhook-endpoints';
const PATH = `${ENDPOINTS}/${ENDPOINT_ID}`;
const SECRET = 'whsec_bmV3';
const endpoint: WebhookEndpoint = aShownEndpoint();
const delivery: WebhookDelivery = aShownDelivery();
const withSecret = { ...endpoint, secret: SECRET };

async function setUp() {
  const api = await anApi();
  const { client, pauses } = aClient(api);
  const bodyOf = (route: string) => JSON.parse(api.requestsTo(route)[0]?.body ?? '');
  return { api, client, pauses, bodyOf, endpoints: client.webhookEndpoints };
}

describe('webhook endpoints', () => {
  test('are created with their secret, listed, shown, changed and deleted', async () => {
    const { api, endpoints, bodyOf } = await setUp();
    api.on(`POST ${ENDPOINTS}`, { status: 201, body: withSecret });
    api.on(`GET ${ENDPOINTS}`, { status: 200, body: { data: [endpoint], nextCursor: null } });
    api.on(`GET ${PATH}`, { status: 200, body: endpoint });
    api.on(`PATCH ${PATH}`, { status: 200, body: { ...endpoint, enabled: false } });
    api.on(`DELETE ${PATH}`, { status: 200 });

    const request = { url: endpoint.url, events: ['job.succeeded', 'batch.completed'] as const };
    expect(await endpoints.create(request)).toEqual(withSecret);
    expect(createWebhookEndpointSchema.parse(bodyOf(`POST ${ENDPOINTS}`))).toMatchObject(request);
    expect(await endpoints.list()).toEqual([endpoint]);
    expect(await endpoints.get(ENDPOINT_ID)).toEqual(endpoint);
    expect(await endpoints.update(ENDPOINT_ID, { enabled: false })).toMatchObject({ enabled: false });
    expect(updateWebhookEndpointSchema.parse(bodyOf(`PATCH ${PATH}`))).toEqual({ enabled: false });
    await endpoints.delete(ENDPOINT_ID);
    expect(api.requestsTo(`DELETE ${PATH}`)).toHaveLength(1);
  });

  test('are created under one key, however often the reply is lost', async () => {
    const { api, endpoints, pauses } = await setUp();
    const route = `POST ${ENDPOINTS}`;
    api.on(route, 'drop', { status: 503 }, { status: 201, body: withSecret });
    const keys = () => api.requestsTo(route).map(({ headers }) => headers['idempotency-key']);

    expect(await endpoints.create({ url: endpoint.url })).toEqual(withSecret);
    expect(pauses).toHaveLength(2);
    expect(keys()).toHaveLength(3);
    expect(new Set(keys()).size).toBe(1);
    await endpoints.create({ url: endpoint.url }, { idempotencyKey: 'mine' });

    expect(keys().at(-1)).toBe('"mine"');
    await expect(endpoints.create({ url: endpoint.url }, { idempotencyKey: 'not visible' })).rejects.toThrow(TypeError);
  });

  test('get another secret and a test', async () => {
    const { api, endpoints } = await setUp();
    api.on(`POST ${PATH}/rotate-secret`, { status: 200, body: withSecret });
    api.on(`POST ${PATH}/test`, { status: 200, body: delivery });

    expect((await endpoints.rotateSecret(ENDPOINT_ID)).secret).toBe(SECRET);
    expect(await endpoints.test(ENDPOINT_ID)).toEqual(delivery);
  });

  test('show their deliveries over as many pages as it takes', async () => {
    const { api, endpoints } = await setUp();
    const page = (nextCursor: string | null) => ({ status: 200, body: { data: [delivery], nextCursor } });
    api.on(`GET ${PATH}/deliveries?limit=2&status=failed`, page('c+1'));
    api.on(`GET ${PATH}/deliveries?limit=1&status=failed&cursor=c%2B1`, page('c2'));

    const found: WebhookDelivery[] = [];
    for await (const each of endpoints.deliveries(ENDPOINT_ID, { status: 'failed', limit: 2 })) found.push(each);

    expect(found).toEqual([delivery, delivery]);
  });

  test('send again what failed, until nothing is left', async () => {
    const { api, endpoints } = await setUp();
    const route = `POST ${PATH}/redeliver-failed?since=2026-01-02T03%3A04%3A05.000Z`;
    const answer = (redelivered: number, nextCursor: string | null) => ({
      status: 202,
      body: { redelivered, hasMore: nextCursor !== null, nextCursor },
    });
    api.on(route, answer(100, 'c+1'));
    api.on(`${route}&cursor=c%2B1`, answer(0, 'c2'));
    api.on(`${route}&cursor=c2`, answer(7, null));

    expect(await endpoints.redeliverFailed(ENDPOINT_ID, new Date('2026-01-02T03:04:05Z'))).toBe(107);
  });

  test('never go to another path', async () => {
    const { api, endpoints } = await setUp();

    await expect(endpoints.delete('../jobs/job_1')).rejects.toThrow(TypeError);
    await expect(endpoints.get('')).rejects.toThrow(TypeError);
    expect(api.requests).toEqual([]);
  });

  test('need a reply that is one', async () => {
    const { api, endpoints } = await setUp();
    api.on(`GET ${PATH}`, { status: 200, body: { id: ENDPOINT_ID } });

    await expect(endpoints.get(ENDPOINT_ID)).rejects.toMatchObject({ code: 'unexpected-reply' });
  });
});

test('a webhook delivery is shown and sent again', async () => {
  const { api, client } = await setUp();
  const path = `/v1/webhook-deliveries/${DELIVERY_ID}`;
  api.on(`GET ${path}`, { status: 200, body: delivery });
  api.on(`POST ${path}/redeliver`, { status: 202, body: { ...delivery, status: 'pending' } });

  expect(await client.webhookDeliveries.get(DELIVERY_ID)).toEqual(delivery);
  expect(await client.webhookDeliveries.redeliver(DELIVERY_ID)).toMatchObject({ status: 'pending' });
});
