import { type JobChange, makeGetJob, makeSignOutputs, makeWaitForJob } from '@afterimage/job-core';
import { jobSchema } from '@afterimage/job-schemas';
import { aCreateJobBody, aJobRecord, InMemoryOutputStore, InMemoryWaiterSlots } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { aBench } from '@afterimage/job-commands/bench';
import { aRequestFor, CONTEXT } from '../test/bench.ts';
import { makeJobRoutes } from './job-routes.ts';

const END: JobChange = { guard: { status: ['queued'] }, set: { status: 'failed' }, bumpsVersion: true };

/** The routes; `meanwhile` is what happens while a request waits, one entry a look at the job. */
function setUp(source = aJobRecord({ status: 'failed' }), slots = new InMemoryWaiterSlots()) {
  const bench = aBench({ jobs: [source] });
  const { clock, jobs, submitJob, retryJob } = bench;
  const { now } = clock;
  const meanwhile: (() => Promise<unknown>)[] = [];
  const routes = makeJobRoutes({
    submitJob,
    retryJob,
    previewJob: () => Promise.reject(new Error('no preview is asked for')),
    waitForJob: makeWaitForJob({
      getJob: makeGetJob({ jobs, now }),
      slots,
      now,
      sleep: async (milliseconds) => {
        clock.advance(milliseconds);
        await meanwhile.shift()?.();
      },
      monotonicMs: () => now().getTime(),
      pollIntervalMs: 500,
    }),
    signOutputs: makeSignOutputs({ outputs: new InMemoryOutputStore(), expiresInSeconds: 300, now }),
    apiUrl: 'https://api.example.com',
    now,
  });
  const endNewest = async () => jobs.change(jobs.all().at(-1)?.id ?? '', END);
  return { ...bench, source, meanwhile, endNewest, routes };
}

describe('POST /v1/jobs', () => {
  it('answers at once with 202 unless a wait is preferred', async () => {
    const { clock, routes } = setUp();
    const start = clock.now();

    const { status, headers, body } = await routes.create(aRequestFor({ body: aCreateJobBody() }), CONTEXT);

    const job = jobSchema.strict().parse(body);
    expect({ status, headers }).toEqual({
      status: 202,
      headers: { location: job.links.self, etag: 'W/"1"', 'retry-after': '2' },
    });
    expect(clock.now()).toEqual(start);
  });

  it('answers a wait with 200 as soon as the job has ended', async () => {
    const { clock, meanwhile, endNewest, routes } = setUp();
    meanwhile.push(async () => undefined, endNewest);
    const start = clock.now().getTime();
    const request = aRequestFor({ body: aCreateJobBody(), headers: { prefer: 'wait=20' } });

    const { status, headers, body } = await routes.create(request, CONTEXT);

    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'failed' } });
    expect(headers).toMatchObject({ etag: 'W/"2"', 'preference-applied': 'wait=20' });
    expect(headers).not.toHaveProperty('retry-after');
    expect(clock.now().getTime() - start).toBe(1000);
  });

  it.each([
    [3, 29_000, 3000],
    [20, 5000, 4000],
  ])('answers a wait of %i s with %i ms left with 202 when they are over', async (seconds, leftMs, waitedMs) => {
    const { clock, routes } = setUp();
    const start = clock.now().getTime();
    const request = aRequestFor({ body: aCreateJobBody(), headers: { prefer: `wait=${seconds}` } });

    const response = await routes.create(request, { getRemainingTimeInMillis: () => leftMs });

    expect(response).toMatchObject({ status: 202, body: { status: 'queued' }, headers: { 'retry-after': '2' } });
    expect(response.headers).toMatchObject({ 'preference-applied': `wait=${seconds}` });
    expect(clock.now().getTime() - start).toBe(waitedMs);
  });

  it('answers a repeated key with 202, and with 200 when a wait is preferred and the job has ended', async () => {
    const { endNewest, routes } = setUp();
    const keyed = { 'idempotency-key': 'key-1' };
    const again = (headers = {}) =>
      routes.create(aRequestFor({ body: aCreateJobBody(), headers: { ...keyed, ...headers } }), CONTEXT);
    await again();
    await endNewest();

    expect(await again()).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' } });
    expect(await again({ prefer: 'wait=1' })).toMatchObject({
      status: 200,
      headers: { 'idempotency-replayed': 'true', 'preference-applied': 'wait=1' },
    });
  });

  it('answers at once, and applies no preference, when the tenant has too many waiting', async () => {
    const { clock, routes } = setUp(undefined, new InMemoryWaiterSlots(0));
    const start = clock.now();
    const request = aRequestFor({ body: aCreateJobBody(), headers: { prefer: 'wait=20' } });

    const response = await routes.create(request, CONTEXT);

    expect(response).toMatchObject({ status: 202, body: { status: 'queued' } });
    expect(response.headers).not.toHaveProperty('preference-applied');
    expect(clock.now()).toEqual(start);
  });

  it('makes no job of a request with a wrong wait', async () => {
    const { jobs, routes } = setUp();
    const request = aRequestFor({ body: aCreateJobBody(), headers: { prefer: 'wait=26' } });

    await expect(routes.create(request, CONTEXT)).rejects.toMatchObject({ code: 'validation-failed' });

    expect(jobs.all()).toHaveLength(1);
  });
});

describe('POST /v1/jobs/{id}/retry', () => {
  it('can be waited for as well', async () => {
    const { source, meanwhile, endNewest, routes } = setUp();
    meanwhile.push(endNewest);
    const request = aRequestFor({ params: { id: source.id }, headers: { prefer: 'wait=5' } });

    expect(await routes.retry(request, CONTEXT)).toMatchObject({
      status: 200,
      body: { retryOf: source.id, status: 'failed' },
    });
  });
});
