import {
  batchJobs,
  cancelBatch,
  makeAnnounceBatch,
  makeCancelBatchJobs,
  makeFillBatch,
  makeSettleBatch,
  ProblemError,
} from '@afterimage/job-core';
import { batchEnvelopeSchema, batchSchema, type CreateJob, LIMITS } from '@afterimage/job-schemas';
import { aCreateJobBody, aJobRecord, anId, InMemoryBatchStore, silentLog } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { checkWebhook, makeCheckReferences, poolFor } from '@afterimage/job-commands';
import { aBench, POOLS, problemOf } from '@afterimage/job-commands/bench';
import { aRequestFor, CONTEXT } from '../test/bench.ts';
import { makeBatchRoutes } from './batch-routes.ts';
import { makeCheckItem } from './check-item.ts';
import { makeCreateBatch, type CreateBatchCommand } from './create-batch.ts';

const OPTIONS = { allowLoopbackWebhooks: false };
const GOOD = aCreateJobBody();
const WRONG = aCreateJobBody({ input: { prompt: 'x', width: 100 } });

function setUp(options: { room?: number; dies?: boolean } = {}) {
  const bench = aBench();
  const { jobs, events, publishNew, clock } = bench;
  const { now } = clock;
  const batches = new InMemoryBatchStore();
  const taken: number[] = [];
  const fillBatch = makeFillBatch({ jobs, batches, enqueue: publishNew, now, newSeed: () => 7 });
  const createBatch = makeCreateBatch({
    batches,
    checkItem: makeCheckItem({
      poolFor: (request: CreateJob) => poolFor(request, POOLS, OPTIONS),
      checkReferences: makeCheckReferences({ jobs, now }),
    }),
    queue: {
      async take(_tenantId, count) {
        if (count > (options.room ?? 1000)) throw new ProblemError('queue-full', { detail: 'no room' });
        taken.push(count);
      },
      giveBack: async (_tenantId, count) => void taken.push(-count),
    },
    fillBatch: options.dies === true ? () => Promise.reject(new Error('the process is gone')) : fillBatch,
    cancelBatchJobs: makeCancelBatchJobs({ jobs, announce: async () => {}, now }),
    settleBatch: makeSettleBatch({
      batches,
      announceBatch: makeAnnounceBatch({ batches, events, apiUrl: 'https://api.example.com', now }),
      now,
    }),
    checkWebhook: (webhook) => checkWebhook(webhook, OPTIONS),
    now,
    newBatchId: () => anId('bat'),
    log: silentLog,
  });
  return { ...bench, batches, taken, fillBatch, createBatch };
}

function aCommand(
  items: readonly unknown[],
  { webhook = null, ...overrides }: Partial<CreateBatchCommand> & { webhook?: { url: string } | null } = {},
): CreateBatchCommand {
  const body = { items, webhook };
  return {
    tenantId: 'tenant-1',
    path: '/v1/batches',
    requestId: 'request-1',
    body,
    envelope: batchEnvelopeSchema.parse(body),
    idempotencyKey: 'key-1',
    traceparent: null,
    ...overrides,
  };
}

describe('creating a batch', () => {
  it('makes and publishes a job of each good item, and says of the others what is wrong', async () => {
    const { jobs, publisher, batches, taken, createBatch } = setUp();
    const chained = aCreateJobBody({
      task: 'upscale',
      model: 'painter',
      input: { image: { jobOutput: `${anId('job')}/0` } },
    });
    const large = aCreateJobBody({ metadata: { a: 'x'.repeat(LIMITS.bodyBytes) } });

    const { batch } = await createBatch(
      aCommand([GOOD, WRONG, 7, aCreateJobBody({ model: 'none' }), chained, large, GOOD]),
    );

    expect(batch).toMatchObject({ status: 'processing', size: 7, isFilled: true });
    expect(batch.rejections).toMatchObject([
      { index: 1, code: 'validation-failed', errors: [{ pointer: '#/input/width', code: 'multiple_of' }] },
      { index: 2, code: 'validation-failed' },
      { index: 3, code: 'model-not-available', errors: [{ pointer: '#/model' }] },
      { index: 4, code: 'validation-failed', errors: [{ pointer: '#/input/image/jobOutput', code: 'not_found' }] },
      { index: 5, code: 'payload-too-large' },
    ]);
    const ids = batchJobs(batch).map(({ jobId }) => jobId);
    expect(jobs.all()).toMatchObject(
      ids.map((id) => ({ id, batchId: batch.id, isPublished: true, input: { seed: 7 } })),
    );
    expect(publisher.published.map(({ message }) => message.jobId)).toEqual(ids);
    expect(await batches.requestsOf(batch)).toEqual([]);
    expect(taken).toEqual([2]);
  });

  it('keeps only the first of an endless list of errors', async () => {
    const { createBatch } = setUp();
    const unknown = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`field${index}`, 1]));

    const { batch } = await createBatch(aCommand([{ ...GOOD, ...unknown }]));

    const [rejection] = batch.rejections;
    expect(rejection?.detail).toBe('2000 fields are invalid');
    expect(JSON.stringify(rejection?.errors).length).toBeLessThan(LIMITS.batch.itemProblemBytes + 1000);
  });

  it('is completed at once when no item is good', async () => {
    const { jobs, events, createBatch } = setUp();

    const { batch } = await createBatch(aCommand([WRONG, WRONG]));

    expect(batch).toMatchObject({ status: 'completed' });
    expect(jobs.all()).toEqual([]);
    expect(events.publishedOfBatches).toMatchObject([{ subject: batch.id }]);
  });

  it('under a used key is the same batch, and makes what the first request left', async () => {
    const { jobs, createBatch, batches, fillBatch } = setUp();
    const first = await createBatch(aCommand([GOOD, GOOD]));

    const second = await createBatch(aCommand([GOOD, GOOD]));

    expect(second).toMatchObject({ isReplay: true, batch: { id: first.batch.id } });
    expect(jobs.all()).toHaveLength(2);
    expect(batches.all()).toHaveLength(1);
    expect(await fillBatch(second.batch)).toEqual(second.batch);
  });

  it('whose process dies is answered, and can be finished later', async () => {
    const dying = setUp({ dies: true });
    const { batch } = await dying.createBatch(aCommand([GOOD, GOOD]));
    expect(dying.jobs.all()).toEqual([]);
    expect(batch).toMatchObject({ isFilled: false, dueAt: expect.any(String) });

    await dying.fillBatch(batch);

    expect(dying.jobs.all().map(({ id }) => id)).toEqual(batchJobs(batch).map(({ jobId }) => jobId));
  });

  it('once, of many requests with one key at the same time', async () => {
    const { jobs, batches, taken, createBatch } = setUp();

    const results = await Promise.all(Array.from({ length: 10 }, () => createBatch(aCommand([GOOD, GOOD, WRONG]))));

    expect(new Set(results.map(({ batch }) => batch.id)).size).toBe(1);
    expect(jobs.all()).toHaveLength(2);
    expect(batches.all()).toHaveLength(1);
    expect(taken.reduce((sum, count) => sum + count)).toBe(2);
  });

  it('refuses a used key with another body, and names the batch', async () => {
    const { createBatch } = setUp();
    const { batch } = await createBatch(aCommand([GOOD]));

    const { code, details } = await problemOf(createBatch(aCommand([GOOD, GOOD])));

    expect(code).toBe('idempotency-key-reused');
    expect(details.batchId).toBe(batch.id);
  });

  it('accepts no item when there is no room for all of them, and does not use up the key', async () => {
    const { jobs, batches, createBatch } = setUp({ room: 1 });

    expect(await problemOf(createBatch(aCommand([GOOD, GOOD])))).toMatchObject({ code: 'queue-full' });

    expect(batches.all()).toEqual([]);
    expect(jobs.all()).toEqual([]);
    expect(await createBatch(aCommand([GOOD]))).toMatchObject({ isReplay: false });
  });

  it('refuses a webhook that may not be called', async () => {
    const { batches, createBatch } = setUp();
    const webhook = { url: 'http://example.com/hook' };

    expect(await problemOf(createBatch(aCommand([GOOD], { webhook })))).toMatchObject({
      details: { errors: [{ pointer: '#/webhook/url', code: 'insecure_url' }] },
    });
    expect(batches.all()).toEqual([]);
  });

  it('cancels jobs that it makes after the batch was canceled', async () => {
    const { jobs, batches, clock, createBatch, fillBatch } = setUp();
    const dying = setUp({ dies: true });
    const { batch } = await dying.createBatch(aCommand([GOOD]));
    await batches.create(batch, await dying.batches.requestsOf(batch));
    await batches.change(batch.id, cancelBatch(clock.now()));

    await createBatch(aCommand([GOOD]));

    expect(jobs.all()).toMatchObject([{ status: 'canceled' }]);
    expect(await fillBatch(batch)).toMatchObject({ status: 'canceling' });
  });
});

describe('POST /v1/batches', () => {
  it('answers 207 with the batch, where it is, and whether it was there', async () => {
    const { createBatch, jobs } = setUp();
    const { create } = makeBatchRoutes({ createBatch, apiUrl: 'https://api.example.com' });
    const request = aRequestFor({ body: { items: [GOOD, WRONG] }, headers: { 'idempotency-key': '"k"' } });

    const response = await create(request, CONTEXT);
    const again = await create(request, CONTEXT);

    const batch = batchSchema.parse(response.body);
    expect(response).toMatchObject({ status: 207, headers: { location: batch.links.self, 'retry-after': '5' } });
    expect(batch.items.map(({ status }) => status)).toEqual([202, 422]);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' });
    expect(jobs.all()).toHaveLength(1);
  });

  it.each([
    ['no items', { items: [] }, '#/items'],
    ['too many items', { items: Array.from({ length: 101 }, () => GOOD) }, '#/items'],
    ['an unknown field', { items: [GOOD], webhok: null }, '#/webhok'],
    ['no object', [], '#/'],
  ])('is refused with %s', async (_, body, pointer) => {
    const { createBatch } = setUp();
    const { create } = makeBatchRoutes({ createBatch, apiUrl: 'https://api.example.com' });

    const { code, details } = await problemOf(create(aRequestFor({ body }), CONTEXT));

    expect(code).toBe('validation-failed');
    expect(details.errors?.[0]?.pointer.startsWith(pointer.replace(/\/$/, ''))).toBe(true);
  });
});

it('a job of a batch is retried outside of it', async () => {
  const { jobs, retryJob } = aBench({ jobs: [aJobRecord({ status: 'failed', batchId: anId('bat') })] });
  const [source] = jobs.all();

  const { job } = await retryJob({
    tenantId: 'tenant-1',
    path: '/v1/jobs/x/retry',
    sourceId: source?.id ?? '',
    body: undefined,
    request: { input: {}, policy: {} },
    idempotencyKey: undefined,
    traceparent: null,
  });

  expect(job).toMatchObject({ retryOf: source?.id, batchId: null });
});
