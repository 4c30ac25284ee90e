import {
  redeliveriesSchema,
  TEST_EVENT,
  webhookDeliveryListSchema,
  webhookDeliverySchema,
} from '@afterimage/job-schemas';
import { aDelivery, anId, aWebhookEndpoint } from '@afterimage/testing';
import { describe, expect, test } from 'vitest';
import { aWebhookApi, problemOf, TENANT } from '../test/a-webhook-api.ts';
import { REDELIVER_AT_MOST } from './manage-deliveries.ts';

const SINCE = '2026-01-02T00:00:00.000Z';

async function anEndpoint(overrides: Parameters<typeof aWebhookEndpoint>[0] = {}) {
  const api = aWebhookApi();
  const endpoint = aWebhookEndpoint(overrides);
  await api.endpoints.create(endpoint);
  const of = (given: Parameters<typeof aDelivery>[0] = {}) =>
    api.deliveries.create(aDelivery({ endpointId: endpoint.id, ...given }));
  return { ...api, endpoint, of };
}

describe('the record of a delivery', () => {
  test('has what was sent and answered, without a signature', async () => {
    const { routes, call, of } = await anEndpoint();
    const sent = { number: 1, sentAt: '2026-01-02T03:04:06.700Z', statusCode: 503, error: 'busy', latencyMs: 12 };
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const delivery = await of({ attempt: 2, attempts: [{ ...sent, traceparent }], traceparent: '00-a-b-01' });

    const { body } = await call(routes.getDelivery, { id: delivery.id });

    expect(webhookDeliverySchema.parse(body)).toEqual({
      id: delivery.id,
      object: 'webhook_delivery',
      endpointId: delivery.endpointId,
      eventId: delivery.eventId,
      eventType: 'job.succeeded',
      subject: delivery.subject,
      url: delivery.url,
      status: 'pending',
      attempts: [
        {
          ...sent,
          requestHeaders: {
            'content-type': 'application/json',
            'user-agent': 'Afterimage-Webhooks/1',
            'webhook-id': delivery.eventId,
            'webhook-timestamp': '1767323046',
            traceparent,
          },
        },
      ],
      nextAttemptAt: delivery.dueAt,
      requestBody: delivery.body,
      createdAt: delivery.createdAt,
    });
  });

  test('is nobody else’s', async () => {
    const { routes, call, of } = await anEndpoint();
    const { id } = await of();

    for (const route of [routes.getDelivery, routes.redeliver]) {
      expect(await problemOf(call(route, { id, tenantId: 'other' }))).toMatchObject({ code: 'not-found' });
    }
  });
});

test('a list comes page after page, filtered, with a cursor that holds for it alone', async () => {
  const { routes, call, of, endpoint } = await anEndpoint();
  for (const second of [1, 2, 3]) await of({ status: 'failed', createdAt: `2026-01-02T00:00:0${second}.000Z` });
  await of({ status: 'delivered' });
  const query = { status: 'failed', limit: '2' };

  const first = await call(routes.listDeliveries, { id: endpoint.id, query });
  const { data, nextCursor } = webhookDeliveryListSchema.parse(first.body);
  const cursor = nextCursor ?? '';
  const second = await call(routes.listDeliveries, { id: endpoint.id, query: { ...query, cursor } });

  expect(data.map(({ createdAt }) => createdAt)).toEqual(['2026-01-02T00:00:03.000Z', '2026-01-02T00:00:02.000Z']);
  expect(first.headers?.['link']).toContain(`/v1/webhook-endpoints/${endpoint.id}/deliveries?status=failed&limit=2&`);
  expect(webhookDeliveryListSchema.parse(second.body)).toMatchObject({
    data: [{ createdAt: '2026-01-02T00:00:01.000Z' }],
    nextCursor: null,
  });
  const elsewhere = call(routes.listDeliveries, { id: endpoint.id, query: { limit: '2', cursor } });
  expect(await problemOf(elsewhere)).toMatchObject({ errors: [{ pointer: 'cursor' }] });
});

describe('redeliver', () => {
  test.each(['delivered', 'failed'] as const)('begins a new round for one that is %s, once', async (status) => {
    const { routes, call, of, queue } = await anEndpoint();
    const { id } = await of({ status, attempt: 10, dueAt: null });

    const response = await call(routes.redeliver, { id });

    expect(response).toMatchObject({ status: 202, body: { status: 'pending', nextAttemptAt: expect.any(String) } });
    expect(queue.sent).toEqual([{ message: { deliveryId: id, attempt: 11 }, delaySeconds: 0 }]);
  });

  test('does not wait any longer for the next attempt of a pending one', async () => {
    const { routes, call, of, queue, deliveries } = await anEndpoint();
    const delivery = await of({ attempt: 4 });

    await call(routes.redeliver, { id: delivery.id });

    expect(queue.sent).toEqual([{ message: { deliveryId: delivery.id, attempt: 4 }, delaySeconds: 0 }]);
    expect(await deliveries.get(delivery.id)).toEqual(delivery);
  });

  test('works for the webhook of a job', async () => {
    const { routes, call, of } = await anEndpoint();
    const { id } = await of({ endpointId: null, status: 'failed', dueAt: null });

    expect(await call(routes.redeliver, { id })).toMatchObject({ status: 202 });
  });

  test('is refused while the endpoint is disabled', async () => {
    const { routes, call, of, queue } = await anEndpoint({ disabledReason: 'gone', disabledAt: SINCE });
    const { id } = await of({ status: 'failed', dueAt: null });

    expect(await problemOf(call(routes.redeliver, { id }))).toMatchObject({ code: 'webhook-endpoint-disabled' });
    expect(queue.sent).toEqual([]);
  });
});

describe('redeliver-failed', () => {
  test('takes those that failed since then, and no others', async () => {
    const { routes, call, of, endpoint, queue } = await anEndpoint();
    const wanted = await of({ status: 'failed', dueAt: null, createdAt: SINCE });
    await of({ status: 'failed', dueAt: null, createdAt: '2026-01-01T23:59:59.999Z' });
    await of({ status: 'delivered', dueAt: null });
    await of({ status: 'failed', dueAt: null, endpointId: anId('whe') });

    const since = '2026-01-02T01:00:00+01:00';
    const { status, body } = await call(routes.redeliverFailed, { id: endpoint.id, query: { since } });

    expect(status).toBe(202);
    expect(redeliveriesSchema.parse(body)).toEqual({
      object: 'webhook_redeliveries',
      redelivered: 1,
      hasMore: false,
      nextCursor: null,
    });
    expect(queue.sent.map(({ message }) => message.deliveryId)).toEqual([wanted.id]);
  });

  test('goes on with the next call', async () => {
    const { routes, call, of, endpoint, queue } = await anEndpoint();
    for (let count = 0; count <= REDELIVER_AT_MOST; count++) await of({ status: 'failed', dueAt: null });
    const next = async (cursor: string | null) => {
      const query = { since: SINCE, ...(cursor === null ? {} : { cursor }) };
      return redeliveriesSchema.parse((await call(routes.redeliverFailed, { id: endpoint.id, query })).body);
    };

    const first = await next(null);
    expect(first).toMatchObject({ redelivered: REDELIVER_AT_MOST, hasMore: true });
    expect(await next(first.nextCursor)).toMatchObject({ redelivered: 1, hasMore: false });
    expect(new Set(queue.sent.map(({ message }) => message.deliveryId)).size).toBe(REDELIVER_AT_MOST + 1);
    const { id } = endpoint;
    const earlier = { since: '2026-01-01T00:00:00.000Z', cursor: first.nextCursor ?? '' };
    expect(await problemOf(call(routes.redeliverFailed, { id, query: earlier }))).toMatchObject({
      errors: [{ pointer: 'cursor' }],
    });
  });

  test('goes past tests that failed, without sending them again', async () => {
    const { routes, call, of, endpoint, queue } = await anEndpoint();
    const wanted = await of({ status: 'failed', dueAt: null, createdAt: SINCE });
    const tested = {
      status: 'failed',
      dueAt: null,
      eventType: TEST_EVENT,
      createdAt: '2026-01-02T01:00:00.000Z',
    } as const;
    for (let count = 0; count <= REDELIVER_AT_MOST; count++) await of(tested);

    let cursor: string | null = null;
    let redelivered = 0;
    do {
      const query: Record<string, string> = { since: SINCE, ...(cursor === null ? {} : { cursor }) };
      const { body } = await call(routes.redeliverFailed, { id: endpoint.id, query });
      const answer = redeliveriesSchema.parse(body);
      redelivered += answer.redelivered;
      cursor = answer.nextCursor;
    } while (cursor !== null);

    expect(redelivered).toBe(1);
    expect(queue.sent.map(({ message }) => message.deliveryId)).toEqual([wanted.id]);
  });

  test('needs a time', async () => {
    const { routes, call, endpoint } = await anEndpoint();

    expect(await problemOf(call(routes.redeliverFailed, { id: endpoint.id }))).toMatchObject({
      errors: [{ pointer: 'since' }],
    });
  });
});

describe('test', () => {
  test('sends one event now and shows what became of it', async () => {
    const { routes, call, endpoint, deliveries, queue, pauses } = await anEndpoint();
    pauses.beforeNext = async () => {
      const [pending] = deliveries.all();
      const made = { number: 1, sentAt: SINCE, statusCode: 204, error: null, latencyMs: 5, traceparent: null };
      const last = { lastStatusCode: 204, lastError: null, lastLatencyMs: 5 };
      const update = { status: 'delivered', attempt: 1, dueAt: null, ...last } as const;
      await deliveries.update(pending?.id ?? '', 1, { ...update, attempts: [made] });
    };

    const { status, body } = await call(routes.test, { id: endpoint.id });

    const delivery = webhookDeliverySchema.parse(body);
    expect(status).toBe(200);
    expect(delivery).toMatchObject({ status: 'delivered', eventType: 'webhook.test', subject: endpoint.id });
    expect(JSON.parse(delivery.requestBody)).toMatchObject({
      type: 'webhook.test',
      data: { endpointId: endpoint.id },
    });
    expect(queue.sent).toEqual([{ message: { deliveryId: delivery.id, attempt: 1 }, delaySeconds: 0 }]);
    expect(deliveries.all()).toMatchObject([{ tenantId: TENANT }]);
  });

  test('waits for 20 seconds at most', async () => {
    const { routes, call, endpoint, clock } = await anEndpoint();
    const start = clock.now().getTime();

    expect(await call(routes.test, { id: endpoint.id })).toMatchObject({ status: 200, body: { status: 'pending' } });
    expect(clock.now().getTime() - start).toBe(20_000);
  });
});
