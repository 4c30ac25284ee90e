import { beforeEach, describe, expect, it } from 'vitest';
import { claim, succeed } from '@afterimage/job-core';
import { type Job, type JobRecord, jobSchema } from '@afterimage/job-schemas';
import { aJobRecord, anId, aRunningJob } from '@afterimage/testing';
import { anApiRequest } from '../test/an-api-request.ts';
import { aBench, aSucceededJob, CONTEXT, OUTPUT, requestFor } from '../test/bench.ts';

type Bench = ReturnType<typeof aBench>;

let clock: Bench['clock'];
let jobs: Bench['jobs'];
let events: Bench['events'];
let meanwhile: Bench['meanwhile'];
let routes: Bench['routes'];
let stored: Bench['stored'];

beforeEach(() => {
  ({ clock, jobs, events, meanwhile, routes, stored } = aBench());
});

describe('GET /v1/jobs/{id}', () => {
  it('shows the job with signed URLs, an ETag, and nothing internal', async () => {
    const job = await stored(aSucceededJob(clock.now()));

    const response = await routes.get(requestFor(job), CONTEXT);

    const body = jobSchema.strict().parse(response.body);
    expect(response.status).toBe(200);
    expect(response.headers).toEqual({ etag: `W/"${job.version}"` });
    expect(body.outputs[0]).toMatchObject({
      state: 'available',
      contentUrl: `https://api.example.com/v1/jobs/${job.id}/outputs/0/content`,
    });
    expect(body.outputs[0]?.url).toContain(OUTPUT.key);
    expect(body.outputs[0]?.thumbnailUrl).toContain(OUTPUT.thumbnailKey);
    expect(body.outputs[0]?.urlExpiresAt).toBe(new Date(clock.now().getTime() + 3_600_000).toISOString());
    expect(JSON.stringify(body)).not.toMatch(/token-1|worker-1|tenant-1"/);
  });

  it('tells when to ask again while the job is not done', async () => {
    const job = await stored(aJobRecord());

    expect((await routes.get(requestFor(job), CONTEXT)).headers).toMatchObject({ 'retry-after': '2' });
  });

  it.each(['job_nonsense', anId('job'), ''])('is 404 for %s', async (id) => {
    await expect(routes.get(requestFor({ id }), CONTEXT)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is 404 for the job of another tenant', async () => {
    const job = await stored(aJobRecord());

    await expect(routes.get(requestFor(job, {}, 'tenant-2'), CONTEXT)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is 304 for the version that the client has', async () => {
    const job = await stored(aJobRecord());

    expect(await routes.get(requestFor(job, { 'If-None-Match': 'W/"1"' }), CONTEXT)).toMatchObject({ status: 304 });
    expect(await routes.get(requestFor(job, { 'If-None-Match': 'W/"2"' }), CONTEXT)).toMatchObject({ status: 200 });
  });
});

describe('Prefer: wait', () => {
  const take = (job: JobRecord) => () =>
    jobs.change(job.id, claim({ attempt: 1, owner: 'worker-1', token: 'token-1', now: clock.now(), leaseSeconds: 30 }));

  it('ends with the terminal state', async () => {
    const job = await stored(aJobRecord());
    const finish = () =>
      jobs.change(
        job.id,
        succeed({
          token: 'token-1',
          attempt: 1,
          now: clock.now(),
          outputs: [OUTPUT],
          progress: null,
          timings: job.timings,
        }),
      );
    meanwhile.push(take(job), finish);

    const response = await routes.get(requestFor(job, { Prefer: 'wait=20' }), CONTEXT);

    expect(response).toMatchObject({
      status: 200,
      headers: { 'preference-applied': 'wait=20' },
      body: { status: 'succeeded' },
    });
    expect(meanwhile).toEqual([]);
  });

  it('ends after the time, with the job as it is', async () => {
    const job = await stored(aJobRecord());
    const start = clock.now().getTime();

    const response = await routes.get(requestFor(job, { Prefer: 'wait=3' }), CONTEXT);

    expect(response).toMatchObject({ status: 200, body: { status: 'queued' } });
    expect(clock.now().getTime() - start).toBe(3000);
  });

  it('with If-None-Match ends with the first change, and is 304 without one', async () => {
    const job = await stored(aJobRecord());
    const headers = { Prefer: 'wait=3', 'If-None-Match': 'W/"1"' };
    expect(await routes.get(requestFor(job, headers), CONTEXT)).toMatchObject({
      status: 304,
      headers: { 'preference-applied': 'wait=3' },
    });

    meanwhile.push(take(job));
    expect(await routes.get(requestFor(job, headers), CONTEXT)).toMatchObject({
      status: 200,
      body: { status: 'running' },
    });
  });

  it('leaves time to answer within the invocation', async () => {
    const job = await stored(aJobRecord());
    const start = clock.now().getTime();

    await routes.get(requestFor(job, { Prefer: 'wait=20' }), { getRemainingTimeInMillis: () => 5000 });

    expect(clock.now().getTime() - start).toBe(4000);
  });
});

describe('POST /v1/jobs/{id}/cancel', () => {
  it('cancels a queued job at once and announces it', async () => {
    const job = await stored(aJobRecord());

    expect(await routes.cancel(requestFor(job), CONTEXT)).toMatchObject({ status: 200, body: { status: 'canceled' } });
    expect(events.published.map(({ type }) => type)).toEqual(['job.canceled']);
    expect(await jobs.get(job.id)).toMatchObject({ isAnnounced: true, dueAt: null });
  });

  it('asks the worker of a running job to stop, and is the same the second time', async () => {
    const job = await stored(aRunningJob());

    const first = await routes.cancel(requestFor(job), CONTEXT);
    const second = await routes.cancel(requestFor(job), CONTEXT);

    expect(first).toMatchObject({ status: 202, body: { status: 'canceling' } });
    expect(second).toEqual(first);
  });

  it('changes nothing of a terminal job', async () => {
    const job = await stored(aSucceededJob(clock.now()));

    expect(await routes.cancel(requestFor(job), CONTEXT)).toMatchObject({
      status: 200,
      body: { status: 'succeeded', version: job.version },
    });
  });

  it('is 404 for the job of another tenant, which goes on', async () => {
    const job = await stored(aJobRecord());

    await expect(routes.cancel(requestFor(job, {}, 'tenant-2'), CONTEXT)).rejects.toMatchObject({ code: 'not-found' });
    expect(await jobs.get(job.id)).toMatchObject({ status: 'queued' });
  });
});

describe('GET /v1/jobs/{id}/outputs/{n}/content', () => {
  const content = (job: JobRecord, n: string) => routes.content(anApiRequest({ params: { id: job.id, n } }), CONTEXT);

  it('sends the client to a fresh signed URL', async () => {
    const job = await stored(aSucceededJob(clock.now()));

    const response = await content(job, '0');

    expect(response.status).toBe(302);
    expect(response.headers?.['location']).toContain(OUTPUT.key);
  });

  it.each(['1', '-1', '00', 'x'])('is 404 for number %s', async (n) => {
    const job = await stored(aSucceededJob(clock.now()));

    await expect(content(job, n)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is 410 once the files have expired, and the job shows that', async () => {
    const job = await stored(aSucceededJob(clock.now()));
    clock.advance(7 * 86_400_000);

    await expect(content(job, '0')).rejects.toMatchObject({ code: 'output-expired' });
    const shown = await routes.get(requestFor(job), CONTEXT);
    expect((shown.body as Job).outputs).toMatchObject([{ state: 'expired', url: null }]);
  });
});
