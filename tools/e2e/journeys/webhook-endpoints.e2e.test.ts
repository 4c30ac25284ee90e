import {
  redeliveriesSchema,
  type WebhookDelivery,
  webhookDeliveryListSchema,
  webhookDeliverySchema,
  webhookEndpointSchema,
  webhookEndpointWithSecretSchema,
} from '@afterimage/job-schemas';
import { webhooks, WebhookVerificationError } from '@afterimage/client';
import { waitFor } from '@afterimage/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { aRequest, type CallOptions } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { type ReceivedWebhook, startReceiver } from '../src/webhook-receiver.ts';

const ENDPOINTS = '/v1/webhook-endpoints';

let test: TestStack;

beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stop());

const call = (path: string, options?: CallOptions) => test.client.call(path, options);
const post = (path: string, body?: unknown) => call(path, { method: 'POST', ...(body === undefined ? {} : { body }) });

async function anEndpoint(answers: number[] = [], fields: object = {}) {
  const receiver = await startReceiver(answers);
  const created = await post(ENDPOINTS, { url: receiver.url, events: ['job.succeeded'], ...fields });
  const { id, secret } = webhookEndpointWithSecretSchema.parse(created.json);
  onTestFinished(async () => {
    await call(`${ENDPOINTS}/${id}`, { method: 'DELETE' });
    await receiver.stop();
  });
  return { receiver, id, secret, path: `${ENDPOINTS}/${id}` };
}

async function aFinishedJob(): Promise<string> {
  const { id } = await test.client.submit();
  await test.client.terminal(id);
  return id;
}

async function received(list: readonly ReceivedWebhook[], count: number): Promise<ReceivedWebhook> {
  await waitFor(() => list.length >= count, { timeoutMs: 30_000, what: `webhook ${count}` });
  const last = list.at(-1);
  if (last === undefined) throw new Error('nothing was received');
  return last;
}

/** The newest delivery to an endpoint once it is recorded as `status`. */
async function delivery(path: string, status: string): Promise<WebhookDelivery> {
  return waitFor(
    async () => {
      const { data } = webhookDeliveryListSchema.parse((await call(`${path}/deliveries?limit=1`)).json);
      return data.find((each) => each.status === status);
    },
    { timeoutMs: 30_000, what: `a delivery that is ${status}` },
  );
}

describe('a webhook endpoint', () => {
  it('is told of every job of the tenant, and the record says what was sent and answered', async () => {
    const { receiver, secret, path } = await anEndpoint([503]);
    const jobId = await aFinishedJob();

    const { headers, body } = await received(receiver.received, 2);

    const event = await webhooks.verify(body, headers, secret);
    expect(event).toMatchObject({ type: 'job.succeeded', data: { job: { id: jobId } } });
    const record = await delivery(path, 'delivered');
    expect(record).toMatchObject({ subject: jobId, eventId: headers['webhook-id'], requestBody: body });
    expect(record.attempts.map(({ number, statusCode }) => [number, statusCode])).toEqual([
      [1, 503],
      [2, 204],
    ]);
    const sent = receiver.received.map((each) => each.headers);
    record.attempts.forEach(({ requestHeaders }, index) => expect(sent[index]).toMatchObject(requestHeaders));
    expect(JSON.stringify(record)).not.toMatch(/whsec_|webhook-signature/);
  });

  it('can be tried before it is used', async () => {
    const { receiver, secret, path } = await anEndpoint([], { enabled: false });

    const { status, json } = await post(`${path}/test`);

    const record = webhookDeliverySchema.parse(json);
    expect({ status, delivery: record.status }).toEqual({ status: 200, delivery: 'delivered' });
    const { headers, body } = await received(receiver.received, 1);
    expect(await webhooks.verify(body, headers, secret)).toMatchObject({ type: 'webhook.test' });
  });

  it('says why a test did not arrive', async () => {
    const { receiver, path } = await anEndpoint();
    await receiver.stop();

    const { json } = await post(`${path}/test`);

    expect(webhookDeliverySchema.parse(json)).toMatchObject({
      status: 'failed',
      attempts: [{ statusCode: null, error: 'the connection failed: ECONNREFUSED' }],
    });
  });

  it('gets failed events again when its tenant asks, under the same id', async () => {
    const { receiver, path } = await anEndpoint([410]);
    const since = new Date().toISOString();
    await aFinishedJob();
    const failed = await delivery(path, 'failed');
    const disabled = await waitFor(async () => {
      const endpoint = webhookEndpointSchema.parse((await call(path)).json);
      return !endpoint.enabled && endpoint;
    });
    expect(disabled.disabledReason).toBe('gone');
    expect(await post(`/v1/webhook-deliveries/${failed.id}/redeliver`)).toMatchObject({
      status: 409,
      json: { code: 'webhook-endpoint-disabled' },
    });

    await call(path, { method: 'PATCH', body: { enabled: true } });
    const { json } = await post(`${path}/redeliver-failed?since=${since}`);

    expect(redeliveriesSchema.parse(json)).toMatchObject({ redelivered: 1, hasMore: false });
    await received(receiver.received, 2);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([failed.eventId, failed.eventId]);
    expect((await delivery(path, 'delivered')).attempts).toHaveLength(2);
    expect(await post(`/v1/webhook-deliveries/${failed.id}/redeliver`)).toMatchObject({ status: 202 });
    await received(receiver.received, 3);
  });
});

describe('a receiver refuses', () => {
  it('what is forged, replayed, or signed with a secret whose time is over', async () => {
    const { receiver, secret, path } = await anEndpoint();
    await post(`${path}/test`);
    const { headers, body } = await received(receiver.received, 1);

    const later = { nowMs: () => Date.now() + 301_000 };
    await expect(webhooks.verify(body.replace('test', 'fake'), headers, secret)).rejects.toThrow(
      WebhookVerificationError,
    );
    await expect(webhooks.verify(body, { ...headers, 'webhook-id': 'evt_other' }, secret)).rejects.toThrow('signature');
    await expect(webhooks.verify(body, headers, secret, later)).rejects.toThrow('too far from now');

    const rotated = webhookEndpointWithSecretSchema.parse((await post(`${path}/rotate-secret`)).json);
    await expect(webhooks.verify(body, headers, rotated.secret)).rejects.toThrow('signature');
    await post(`${path}/test`);
    const overlap = await received(receiver.received, 2);
    for (const each of [secret, rotated.secret]) {
      expect(await webhooks.verify(overlap.body, overlap.headers, each)).toMatchObject({ type: 'webhook.test' });
    }
  });
});

describe('a webhook never goes', () => {
  it.each([
    'https://169.254.169.254/latest/meta-data/',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://[fd00:ec2::254]/latest/',
    'https://[::ffff:169.254.169.254]/latest/',
    'https://[::ffff:10.0.0.1]/',
    'https://0xa9fea9fe/',
    'https://10.0.0.1:8443/hook',
    'http://example.com/hook',
  ])('to %s', async (url) => {
    const { status, json } = await post(ENDPOINTS, { url });

    expect({ status, json }).toMatchObject({ status: 422, json: { errors: [{ pointer: '#/url' }] } });
    const job = await post('/v1/jobs', aRequest({ webhook: { url } }));
    expect(job).toMatchObject({ status: 422, json: { errors: [{ pointer: '#/webhook/url' }] } });
  });

  it('on to where a redirect leads', async () => {
    const inner = await startReceiver();
    const { receiver, path } = await anEndpoint([], { enabled: false });
    receiver.redirectTo(inner.url);

    const record = webhookDeliverySchema.parse((await post(`${path}/test`)).json);

    expect(record).toMatchObject({ status: 'failed', attempts: [{ statusCode: 307 }] });
    expect(inner.received).toEqual([]);
    await inner.stop();
  });
});
