import {
  batchJobs,
  cancelBatch as cancellation,
  completeBatch,
  makeCancelBatchJobs,
  makeFillBatch,
  makeGetBatch,
} from '@afterimage/job-core';
import { batchSchema } from '@afterimage/job-schemas';
import {
  aBatchRecord,
  anId,
  batchRequests,
  InMemoryBatchStore,
  InMemoryJobStore,
  silentLog,
} from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { anApiRequest } from '../test/an-api-request.ts';
import { makeBatchRoutes } from './batch-routes.ts';
import { makeCancelBatch } from './cancel-batch.ts';

const NOW = new Date('2026-01-02T03:05:00.000Z');
const now = () => NOW;
const CONTEXT = { getRemainingTimeInMillis: () => 29_000 };

async function setUp(options: { announceFails?: boolean } = {}) {
  const jobs = new InMemoryJobStore();
  const batches = new InMemoryBatchStore();
  const announced: string[] = [];
  const getBatch = makeGetBatch({ batches });
  const cancelBatchJobs = makeCancelBatchJobs({
    jobs,
    announce: async ({ id }) => {
      if (options.announceFails === true) throw new Error('SNS is away');
      announced.push(id);
    },
    now,
  });
  const routes = makeBatchRoutes({
    getBatch,
    cancelBatch: makeCancelBatch({ batches, getBatch, cancelBatchJobs, now, log: silentLog }),
    jobs,
    apiUrl: 'https://api.example.com',
  });
  const batch = aBatchRecord({ size: 3, rejections: [{ index: 1, code: 'validation-failed', detail: 'no' }] });
  const requests = batchRequests(3).filter(({ index }) => index !== 1);
  await batches.create(batch, requests);
  const fill = makeFillBatch({ jobs, batches, enqueue: async () => {}, now, newSeed: () => 7 });
  return { jobs, batches, batch, announced, routes, fill: () => fill(batch, requests) };
}

function aRequest(id: string, tenantId = 'tenant-1') {
  return anApiRequest({ params: { id }, tenantId });
}

describe('GET /v1/batches/{id}', () => {
  it('tells what each job is doing, from the job itself', async () => {
    const { jobs, batch, routes, fill } = await setUp();
    await fill();
    const [first] = batchJobs(batch);
    await jobs.change(first?.jobId ?? '', {
      guard: { status: ['queued'] },
      set: { status: 'failed' },
      bumpsVersion: true,
    });

    const response = await routes.get(aRequest(batch.id), CONTEXT);

    expect(response).toMatchObject({ status: 200, headers: { 'retry-after': '5' } });
    const shown = batchSchema.parse(response.body);
    expect(shown.items.map(({ jobStatus }) => jobStatus)).toEqual(['failed', null, 'queued']);
    expect(shown.counts).toMatchObject({ total: 3, rejected: 1, failed: 1, queued: 1 });
  });

  it('has nothing to wait for once it is completed', async () => {
    const { batches, batch, routes } = await setUp();
    await batches.change(batch.id, completeBatch(NOW));

    expect((await routes.get(aRequest(batch.id), CONTEXT)).headers).toEqual({});
  });

  it.each([
    ['another tenant’s', (id: string) => aRequest(id, 'tenant-2')],
    ['no', () => aRequest(anId('bat'))],
    ['the id of a job', () => aRequest(anId('job'))],
  ])('does not find %s batch', async (_, requestFor) => {
    const { batch, routes } = await setUp();
    const request = requestFor(batch.id);

    await expect(routes.get(request, CONTEXT)).rejects.toMatchObject({ code: 'not-found' });
    await expect(routes.cancel(request, CONTEXT)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('POST /v1/batches/{id}/cancel', () => {
  it('cancels every job, announces it, and changes nothing the second time', async () => {
    const { jobs, batches, batch, announced, routes, fill } = await setUp();
    await fill();

    const first = await routes.cancel(aRequest(batch.id), CONTEXT);
    const before = await batches.get(batch.id);
    const second = await routes.cancel(aRequest(batch.id), CONTEXT);

    expect(first).toMatchObject({ status: 202, body: { status: 'canceling', counts: { canceled: 2 } } });
    expect(second).toEqual(first);
    expect(jobs.all().map(({ status }) => status)).toEqual(['canceled', 'canceled']);
    expect(announced).toHaveLength(2);
    expect(await batches.get(batch.id)).toEqual(before);
  });

  it('stays due for the reconciler where it is cut off, or comes before the jobs', async () => {
    const { batches, batch, routes } = await setUp();

    expect(await routes.cancel(aRequest(batch.id), CONTEXT)).toMatchObject({ body: { status: 'canceling' } });

    expect(await batches.get(batch.id)).toMatchObject({ dueAt: '2026-01-02T03:06:00.000Z' });
    expect(await batches.change(batch.id, cancellation(NOW))).toBeUndefined();
  });

  it('is answered although the events cannot be published: the jobs stay due', async () => {
    const { jobs, batch, routes, fill } = await setUp({ announceFails: true });
    await fill();

    expect(await routes.cancel(aRequest(batch.id), CONTEXT)).toMatchObject({ status: 202 });

    for (const job of jobs.all()) expect(job).toMatchObject({ status: 'canceled', isAnnounced: false });
  });

  it('leaves a batch that is completed as it is', async () => {
    const { batches, batch, routes } = await setUp();
    const completed = await batches.change(batch.id, completeBatch(NOW));

    expect(await routes.cancel(aRequest(batch.id), CONTEXT)).toMatchObject({
      status: 202,
      body: { status: 'completed' },
    });
    expect(await batches.get(batch.id)).toEqual(completed);
  });
});
