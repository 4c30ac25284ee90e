import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Batch, batchSchema, batchWebhookBodySchema, batchJobId } from '@afterimage/job-schemas';
import { aBatchRecord, anId, batchRequests, waitFor } from '@afterimage/testing';
import { type Answer, aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { startReceiver } from '../src/webhook-receiver.ts';

let test: TestStack;
let client: Client;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  test = await startTestStack({ sketchMsPerStep: 5 });
  ({ client } = test);
  receiver = await startReceiver([500]);
});
afterAll(async () => {
  await test.stop();
  await receiver.stop();
});

const create = (items: readonly unknown[], key: string = anId('evt'), more: object = {}) =>
  client.call('/v1/batches', { method: 'POST', headers: { 'idempotency-key': key }, body: { items, ...more } });

const get = async (id: string): Promise<Batch> => batchSchema.parse((await client.call(`/v1/batches/${id}`)).json);

const completed = (id: string): Promise<Batch> =>
  waitFor(
    async () => {
      const batch = await get(id);
      return batch.status === 'completed' ? batch : undefined;
    },
    { timeoutMs: 60_000, what: `the end of ${id}` },
  );

function batchOf({ status, json }: Answer): Batch {
  expect(status).toBe(207);
  return batchSchema.parse(json);
}

/** The events of a batch that the receiver has, by their ids. */
function eventsOf(batchId: string) {
  const verifier = new Webhook(test.stack.resources.webhookSecrets[0] ?? '');
  return receiver.received.flatMap(({ headers, body }) => {
    const verified = batchWebhookBodySchema.safeParse(verifier.verify(body, headers as Record<string, string>)).data;
    return verified?.data.batch.id === batchId ? [{ id: headers['webhook-id'], ...verified }] : [];
  });
}

describe('a batch', () => {
  it('accepts good items and names what is wrong with the others, ends in every way, and tells so once', async () => {
    const wrong = aRequest({}, { width: 100 });
    const items = [aRequest(), wrong, aRequest({ model: 'none' }), aRequest({}, { steps: 150, images: 8 }), aRequest()];
    const answer = await create(items, 'mixed', { webhook: { url: receiver.url }, metadata: { orderId: 'A-17' } });

    const batch = batchOf(answer);
    expect(answer.headers.get('location')).toBe(batch.links.self);
    expect(batch.items.map(({ status }) => status)).toEqual([202, 422, 422, 202, 202]);
    expect(batch.items[1]?.problem).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '#/input/width', limit: 8 }],
    });
    const [first, long, last] = batch.items.flatMap(({ jobId }) => jobId ?? []);
    await client.call(`/v1/jobs/${long}/cancel`, { method: 'POST' });
    await client.terminal(first ?? '');
    await client.call(`/v1/jobs/${first}`, { method: 'DELETE' });

    const ended = await completed(batch.id);
    expect(ended.counts).toMatchObject({ total: 5, rejected: 2, succeeded: 2, canceled: 1, queued: 0, running: 0 });
    expect(await client.list(`?batchId=${batch.id}`)).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ id: last, batchId: batch.id })]),
    });
    await waitFor(() => eventsOf(batch.id).length >= 2, { timeoutMs: 30_000, what: 'the event, tried twice' });
    const events = eventsOf(batch.id);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    expect(events[0]).toMatchObject({
      type: 'batch.completed',
      data: { batch: { metadata: { orderId: 'A-17' }, counts: ended.counts } },
    });
    expect(JSON.stringify(events)).not.toContain('red boat');
  });

  it('of many requests with one key is one, with each job once', async () => {
    const items = Array.from({ length: 20 }, () => aRequest());

    const answers = await Promise.all(Array.from({ length: 10 }, () => create(items, 'parallel')));

    const ids = new Set(answers.map((answer) => batchOf(answer).id));
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    const batch = await completed(id);
    expect(batch.counts).toMatchObject({ total: 20, succeeded: 20 });
    const listed = await client.list(`?batchId=${id}&limit=100`);
    expect(listed.data.map((job) => job.id).toSorted()).toEqual(batch.items.map(({ jobId }) => jobId).toSorted());
    expect(listed.data.every(({ attempts }) => attempts.length === 1)).toBe(true);
    expect(await create([aRequest()], 'parallel')).toMatchObject({
      status: 422,
      json: { code: 'idempotency-key-reused', batchId: id },
    });
  });

  it('whose creation died after the put is brought to its end', async () => {
    const now = new Date().toISOString();
    const batch = aBatchRecord({
      tenantId: test.stack.tenantId,
      size: 3,
      webhook: { url: receiver.url },
      createdAt: now,
      dueAt: now,
    });
    await test.batches.create(batch, batchRequests(3));

    const ended = await completed(batch.id);

    expect(ended.counts).toMatchObject({ total: 3, succeeded: 3 });
    expect(ended.items.map(({ jobId }) => jobId)).toEqual([0, 1, 2].map((index) => batchJobId(batch.id, index)));
    await waitFor(() => eventsOf(batch.id).length > 0, { timeoutMs: 30_000, what: 'the event' });
    expect(await test.batches.requestsOf(batch)).toEqual([]);
  });

  it('is canceled with all that has not ended, as often as one likes', async () => {
    const long = aRequest({ policy: { executionTimeoutSeconds: 1000 } }, { steps: 150, images: 8, width: 512 });
    const { id } = batchOf(await create(Array.from({ length: 5 }, () => long)));

    const answers = [await cancel(id), await cancel(id)];

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect((await completed(id)).counts).toMatchObject({ canceled: 5 });
    expect(await cancel(id)).toMatchObject({ status: 202, json: { status: 'completed' } });
  });

  it('of nothing but wrong items is completed at once', async () => {
    const batch = batchOf(await create([7, null, {}], anId('evt'), { webhook: { url: receiver.url } }));

    expect(batch).toMatchObject({ status: 'completed', counts: { total: 3, rejected: 3 }, links: { cancel: null } });
    await waitFor(() => eventsOf(batch.id).length > 0, { timeoutMs: 30_000, what: 'the event' });
  });

  it('of another tenant is not there', async () => {
    const record = aBatchRecord({ tenantId: 'somebody-else', dueAt: null });
    await test.batches.create(record, []);

    expect(await client.call(`/v1/batches/${record.id}`)).toMatchObject({ status: 404, json: { code: 'not-found' } });
    expect(await cancel(record.id)).toMatchObject({ status: 404 });
    expect(await test.batches.get(record.id)).toEqual(record);
    expect((await client.list(`?batchId=${record.id}`)).data).toEqual([]);
  });

  it('may be larger than a job, but not without end', async () => {
    const prompt = 'x'.repeat(8000);
    const items = Array.from({ length: 100 }, () => aRequest({}, { prompt, width: 100 }));
    expect(batchOf(await create(items)).counts).toMatchObject({ rejected: 100 });

    const body = { items: [aRequest()], metadata: { a: 'x'.repeat(2 * 1024 * 1024) } };
    expect(await client.call('/v1/batches', { method: 'POST', body })).toMatchObject({
      status: 413,
      json: { code: 'payload-too-large' },
    });
    expect(await create(Array.from({ length: 101 }, () => aRequest()))).toMatchObject({
      status: 422,
      json: { errors: [{ pointer: '#/items', limit: 100 }] },
    });
  });
});

function cancel(id: string): Promise<Answer> {
  return client.call(`/v1/batches/${id}/cancel`, { method: 'POST' });
}
