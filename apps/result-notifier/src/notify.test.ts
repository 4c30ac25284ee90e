import { presentDelivery } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import { deliveryId } from '@afterimage/job-schemas';
import {
  aDelivery,
  aJobEvent,
  aJobRecord,
  anId,
  aTenant,
  FakeClock,
  InMemoryDeliveryStore,
  InMemoryJobStore,
  InMemoryTargetStore,
  InMemoryTenantStore,
  InMemoryWebhookEndpointStore,
  RecordingDeliveryQueue,
} from '@afterimage/testing';
import type { Log, MetricSink } from '@afterimage/telemetry';
import { describe, expect, test, vi } from 'vitest';
import { makeAttemptDelivery, type TracedAttempt } from './attempt-delivery.ts';
import { makeDisableEndpoint } from './disable-endpoint.ts';
import { makeNotify } from './notify.ts';
import { makeFindRecipient } from './recipient.ts';
import { makeTargetGate } from './target-gate.ts';
import type { DeliveryResult, WebhookRequest } from './webhook/deliver.ts';

const URL = 'https://hooks.example.com/job';
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OK: DeliveryResult = { kind: 'answered', statusCode: 200, retryAfter: null };
const ERROR: DeliveryResult = { kind: 'answered', statusCode: 500, retryAfter: null };

function silentTelemetry() {
  const line = () => vi.fn<Log['info']>();
  const log = { debug: line(), info: line(), warn: line(), error: line() };
  const nothing = () => undefined;
  const metrics: MetricSink = { count: nothing, duration: nothing, gauge: nothing, flush: nothing };
  return { log, metrics };
}

function aJobWithWebhook(overrides: Partial<JobRecord> = {}): JobRecord {
  const webhook = { url: URL, events: ['job.succeeded' as const] };
  return aJobRecord({ status: 'succeeded', webhook, traceparent: TRACEPARENT, ...overrides });
}

const continued: TracedAttempt = (delivery, work) => work(delivery.traceparent);

function setUp({ job = aJobWithWebhook(), webhookSecrets = ['whsec_bmV3'], traced = continued } = {}) {
  const clock = new FakeClock();
  const telemetry = silentTelemetry();
  const deliveries = new InMemoryDeliveryStore();
  const queue = new RecordingDeliveryQueue();
  const deliver = vi.fn<(request: WebhookRequest) => Promise<DeliveryResult>>(async () => OK);
  const tenants = new InMemoryTenantStore([aTenant({ tenantId: job.tenantId, webhookSecrets })]);
  const { now } = clock;
  const random = () => 0.5;
  const endpoints = new InMemoryWebhookEndpointStore();
  const secretBox = { open: (sealed: string) => sealed };
  const attemptDelivery = makeAttemptDelivery({
    traced,
    deliveries,
    findRecipient: makeFindRecipient({ tenants, endpoints, secretBox, now }),
    gate: makeTargetGate({ targets: new InMemoryTargetStore(), now, random, sleep: async (ms) => clock.advance(ms) }),
    disableEndpoint: makeDisableEndpoint({ endpoints, telemetry, now }),
    queue,
    deliver,
    telemetry,
    now,
    random,
  });
  const jobs = new InMemoryJobStore([job]);
  const notify = makeNotify({ jobs, endpoints, deliveries, attemptDelivery, telemetry, now });
  const event = aJobEvent(job);
  const id = deliveryId(event.id, URL);
  return { clock, telemetry, deliveries, queue, deliver, notify, job, event, id };
}

describe('a job event', () => {
  test('is delivered to the webhook of the job at once', async () => {
    const { notify, event, id, deliver, deliveries, queue } = setUp();

    await notify(event);

    const [request] = deliver.mock.calls[0] ?? [];
    expect(request?.url).toBe(URL);
    expect(JSON.parse(request?.body ?? '')).toEqual({ type: event.type, timestamp: event.time, data: event.data });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Afterimage-Webhooks/1',
      'webhook-id': event.id,
      'webhook-signature': expect.stringMatching(/^v1,/),
      traceparent: TRACEPARENT,
    });
    expect(await deliveries.get(id)).toMatchObject({ status: 'delivered', attempt: 1, lastStatusCode: 200 });
    expect(queue.sent).toEqual([]);
  });

  test('has a span of its own at each attempt, and the record shows the headers as they were sent', async () => {
    const trace = TRACEPARENT.slice(0, 36);
    const spans = [`${trace}1111111111111111-01`, `${trace}2222222222222222-01`];
    const { notify, clock, event, id, deliver, deliveries } = setUp({
      traced: (delivery, work) => work(spans[delivery.attempt - 1] ?? null),
    });
    deliver.mockResolvedValueOnce(ERROR);
    await notify(event);
    clock.advance(5000);
    await notify({ deliveryId: id, attempt: 2 });

    const delivery = await deliveries.get(id);
    const recorded = delivery && presentDelivery(delivery).attempts.map(({ requestHeaders }) => requestHeaders);

    expect(recorded?.map(({ traceparent }) => traceparent)).toEqual(spans);
    const sent = deliver.mock.calls.map(([{ headers }]) => headers);
    expect(sent).toEqual(
      recorded?.map((headers) => ({ ...headers, 'webhook-signature': expect.stringMatching(/^v1,/) })),
    );
  });

  test('that comes twice makes one delivery and one request', async () => {
    const { notify, event, deliver, deliveries } = setUp();

    await notify(event);
    await notify(event);

    expect(deliver).toHaveBeenCalledTimes(1);
    expect(deliveries.all()).toHaveLength(1);
  });

  test('that comes again before the first attempt was recorded repeats it under the same id', async () => {
    const { notify, event, id, deliver, deliveries } = setUp();
    vi.spyOn(deliveries, 'update').mockRejectedValueOnce(new Error('crashed'));

    await expect(notify(event)).rejects.toThrow('crashed');
    await notify(event);

    expect(deliver.mock.calls.map(([request]) => request.headers['webhook-id'])).toEqual([event.id, event.id]);
    expect(await deliveries.get(id)).toMatchObject({ status: 'delivered', attempt: 1 });
  });

  test('that comes again during the retries leaves them alone', async () => {
    const { notify, event, id, deliver, deliveries } = setUp();
    deliver.mockResolvedValueOnce(ERROR);
    await notify(event);

    await notify(event);

    expect(deliver).toHaveBeenCalledTimes(1);
    expect(await deliveries.get(id)).toMatchObject({ status: 'pending', attempt: 2 });
  });

  test.each([
    ['has no webhook', aJobWithWebhook({ webhook: null })],
    ['does not ask for this event', aJobWithWebhook({ webhook: { url: URL, events: ['job.failed'] } })],
  ])('of a job that %s makes no delivery', async (_, job) => {
    const { notify, event, deliveries } = setUp({ job });

    await notify(event);

    expect(deliveries.all()).toEqual([]);
  });

  test('of a job that is not there any more makes no delivery', async () => {
    const { notify, deliveries } = setUp();

    await notify(aJobEvent(aJobWithWebhook()));

    expect(deliveries.all()).toEqual([]);
  });

  test('carries no traceparent when the job has none', async () => {
    const { notify, event, deliver } = setUp({ job: aJobWithWebhook({ traceparent: null }) });

    await notify(event);

    expect(deliver.mock.calls[0]?.[0].headers).not.toHaveProperty('traceparent');
  });

  test.each([
    ['without a secret', [], 'the tenant has no webhook secret to sign with'],
    ['with a broken secret', ['whsec_not base64!'], 'a webhook secret of the tenant cannot sign'],
  ])('of a tenant %s fails without a request', async (_, webhookSecrets, lastError) => {
    const { notify, event, id, deliver, deliveries } = setUp({ webhookSecrets });

    await notify(event);

    expect(deliver).not.toHaveBeenCalled();
    expect(await deliveries.get(id)).toMatchObject({ status: 'failed', dueAt: null, lastError });
  });
});

describe('a delivery message', () => {
  test('makes the attempt that is due, signed anew', async () => {
    const { notify, clock, event, id, deliver, deliveries, queue } = setUp();
    deliver.mockResolvedValueOnce(ERROR);
    await notify(event);
    expect(queue.sent).toEqual([{ message: { deliveryId: id, attempt: 2 }, delaySeconds: 5 }]);
    clock.advance(5000);

    await notify({ deliveryId: id, attempt: 2 });

    const [first, second] = deliver.mock.calls.map(([request]) => request.headers);
    expect(second?.['webhook-id']).toBe(first?.['webhook-id']);
    expect(Number(second?.['webhook-timestamp'])).toBe(Number(first?.['webhook-timestamp']) + 5);
    expect(await deliveries.get(id)).toMatchObject({ status: 'delivered', attempt: 2 });
  });

  test('for another attempt, a delivery that has ended, or none is ignored', async () => {
    const { notify, deliver, deliveries } = setUp();
    const pending = await deliveries.create(aDelivery({ attempt: 3 }));
    const failed = await deliveries.create(aDelivery({ status: 'failed', dueAt: null }));

    await notify({ deliveryId: pending.id, attempt: 2 });
    await notify({ deliveryId: pending.id, attempt: 4 });
    await notify({ deliveryId: failed.id, attempt: 1 });
    await notify({ deliveryId: anId('whd'), attempt: 1 });

    expect(deliver).not.toHaveBeenCalled();
  });

  test('leads through all ten attempts to a failed delivery', async () => {
    const { notify, event, id, deliver, deliveries, clock } = setUp();
    deliver.mockResolvedValue(ERROR);
    await notify(event);

    for (let attempt = 2; attempt <= 10; attempt++) {
      clock.advance(86_400_000);
      await notify({ deliveryId: id, attempt });
    }
    await notify({ deliveryId: id, attempt: 11 });

    expect(deliver).toHaveBeenCalledTimes(10);
    expect(await deliveries.get(id)).toMatchObject({ status: 'failed', attempt: 10, dueAt: null });
  });
});

test('a result that somebody else recorded first asks for no further attempt', async () => {
  const { notify, event, queue, deliver, deliveries, id } = setUp();
  deliver.mockImplementationOnce(async () => {
    const faster = { status: 'delivered', attempt: 1, dueAt: null } as const;
    await deliveries.update(id, 1, { ...faster, lastStatusCode: 200, lastError: null, lastLatencyMs: 1 });
    return ERROR;
  });

  await notify(event);

  expect(queue.sent).toEqual([]);
  expect(await deliveries.get(id)).toMatchObject({ status: 'delivered' });
});

test('a retry that cannot be queued is left to the time at which the delivery is due', async () => {
  const { notify, event, id, deliver, deliveries, queue, clock } = setUp();
  deliver.mockResolvedValueOnce(ERROR);
  vi.spyOn(queue, 'send').mockRejectedValueOnce(new Error('queue is away'));

  await notify(event);

  const dueAt = new Date(clock.now().getTime() + 65_000).toISOString();
  expect(await deliveries.get(id)).toMatchObject({ status: 'pending', attempt: 2, dueAt });
});

test('logs neither the URL nor the body nor a secret', async () => {
  const { notify, event, telemetry } = setUp();

  await notify(event);

  const lines = JSON.stringify(telemetry.log.info.mock.calls);
  expect(lines).toContain(event.subject);
  expect(lines).not.toMatch(/hooks\.example\.com|whsec_|"data"/);
});
