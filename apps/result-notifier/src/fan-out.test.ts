import { batchEvent } from '@afterimage/job-core';
import { endpointEventId } from '@afterimage/job-schemas';
import { aBatchRecord, aJobEvent, aJobRecord, aWebhookEndpoint } from '@afterimage/testing';
import { describe, expect, test } from 'vitest';
import { startVirtualNotifier } from '../test/virtual-notifier.ts';
import type { DeliveryResult, WebhookRequest } from './webhook/deliver.ts';

const OK: DeliveryResult = { kind: 'answered', statusCode: 200, retryAfter: null };

function aWorld(...endpoints: ReturnType<typeof aWebhookEndpoint>[]) {
  const requests: WebhookRequest[] = [];
  const world = startVirtualNotifier({
    endpoints,
    receive: async (request) => {
      requests.push(request);
      return OK;
    },
  });
  const idsAt = (url: string) =>
    requests.filter((each) => each.url === url).map(({ headers }) => headers['webhook-id']);
  return { ...world, requests, idsAt };
}

describe('an event', () => {
  test('goes to the webhook of its job and to each endpoint that asks for it, under ids of their own', async () => {
    const endpoints = [
      aWebhookEndpoint({ url: 'https://a.example.com/' }),
      aWebhookEndpoint({ url: 'https://b.example.com/' }),
      aWebhookEndpoint({ url: 'https://other-events.example.com/', events: ['job.queued'] }),
      aWebhookEndpoint({ url: 'https://disabled.example.com/', disabledReason: 'manual' }),
      aWebhookEndpoint({ url: 'https://other-tenant.example.com/', tenantId: 'tenant-2' }),
    ];
    const { send, time, jobs, requests, idsAt } = aWorld(...endpoints);
    const webhook = { url: 'https://job.example.com/', events: ['job.succeeded' as const] };
    const { job } = await jobs.create(aJobRecord({ status: 'succeeded', webhook }));
    const event = aJobEvent(job);

    send(event);
    await time.pass(1000);
    send(event);
    await time.pass(1000);

    expect(requests).toHaveLength(3);
    expect(idsAt(webhook.url)).toEqual([event.id]);
    for (const { id, url } of endpoints.slice(0, 2)) expect(idsAt(url)).toEqual([endpointEventId(event.id, id)]);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  });

  test('of a batch goes to the batch’s own webhook and to the endpoints that ask for it', async () => {
    const endpoint = aWebhookEndpoint({ events: ['batch.completed'] });
    const { send, time, requests, deliveries } = aWorld(endpoint);
    const batch = aBatchRecord({ tenantId: endpoint.tenantId, webhook: { url: 'https://batch.example.com/' } });
    const event = batchEvent(batch, { apiUrl: 'https://api.example.com', now: new Date(batch.createdAt) });

    send(event);
    await time.pass(1000);
    // A process that died before it noted the publication leaves it to be published again, later and under the same id.
    send({ ...event, time: time.now().toISOString() });
    await time.pass(1000);

    expect(requests.map(({ url }) => url).toSorted()).toEqual(['https://batch.example.com/', endpoint.url]);
    for (const { body } of requests) {
      expect(JSON.parse(body)).toEqual({ type: 'batch.completed', timestamp: event.time, data: event.data });
    }
    expect(deliveries.all()).toMatchObject([{ subject: event.subject }, { subject: event.subject }]);
  });

  test('that comes after a later one is delivered all the same; its version tells', async () => {
    const { send, time, requests } = aWorld(aWebhookEndpoint({ events: ['job.started', 'job.succeeded'] }));
    const job = aJobRecord({ status: 'running', version: 2 });

    send(aJobEvent({ ...job, status: 'succeeded', version: 5 }));
    send(aJobEvent(job));
    await time.pass(1000);

    expect(requests.map(({ body }) => JSON.parse(body).data.job.version)).toEqual([5, 2]);
  });
});

describe('a delivery that waits', () => {
  async function aPendingDelivery() {
    const endpoint = aWebhookEndpoint();
    const answers: DeliveryResult[] = [{ kind: 'answered', statusCode: 500, retryAfter: null }];
    const urls: string[] = [];
    const world = startVirtualNotifier({
      endpoints: [endpoint],
      receive: async ({ url }) => {
        urls.push(url);
        return answers.shift() ?? OK;
      },
    });
    world.send(aJobEvent(aJobRecord({ status: 'succeeded' })));
    await world.time.pass(1000);
    return { ...world, endpoint, urls };
  }

  test('goes where the endpoint is by then', async () => {
    const { endpoints, endpoint, time, urls } = await aPendingDelivery();
    await endpoints.replace({ ...endpoint, url: 'https://moved.example.com/', version: 2 });

    await time.pass(10_000);

    expect(urls).toEqual([endpoint.url, 'https://moved.example.com/']);
  });

  test.each([
    ['disabled', 'the endpoint is disabled'],
    ['deleted', 'the endpoint was deleted'],
  ])('fails when the endpoint was %s', async (what, error) => {
    const { endpoints, endpoint, time, urls, deliveries } = await aPendingDelivery();
    if (what === 'deleted') await endpoints.delete(endpoint.tenantId, endpoint.id);
    else await endpoints.replace({ ...endpoint, disabledReason: 'manual', version: 2 });

    await time.pass(10_000);

    expect(urls).toHaveLength(1);
    expect(deliveries.all()).toMatchObject([{ status: 'failed', dueAt: null, lastError: error }]);
  });
});

test('a redelivery has all ten attempts of the schedule again', async () => {
  const endpoint = aWebhookEndpoint();
  const ids: (string | undefined)[] = [];
  const world = startVirtualNotifier({
    endpoints: [endpoint],
    receive: async ({ headers }) => {
      ids.push(headers['webhook-id']);
      return { kind: 'unreachable', error: 'down' };
    },
  });
  world.send(aJobEvent(aJobRecord({ status: 'succeeded' })));
  await world.time.pass(90 * 3_600_000);
  const [failed] = world.deliveries.all();
  await world.deliveries.reopen(failed?.id ?? '', 10, world.now().toISOString());

  await world.time.pass(20 * 3_600_000);

  expect(world.deliveries.all()).toMatchObject([{ status: 'pending', firstAttempt: 11, attempt: 18 }]);
  expect(new Set(ids).size).toBe(1);
});
