import { beforeEach, describe, expect, it } from 'vitest';
import { claim, DependencyUnavailableError, succeed } from '@afterimage/job-core';
import { type JobRecord, jobSchema } from '@afterimage/job-schemas';
import { aJobRecord, anId } from '@afterimage/testing';
import { aBench, aSucceededJob, CONTEXT, OUTPUT, requestFor, WAITERS } from '../test/bench.ts';

type Bench = ReturnType<typeof aBench>;

let clock: Bench['clock'];
let jobs: Bench['jobs'];
let meanwhile: Bench['meanwhile'];
let routes: Bench['waitRoutes'];
let slots: Bench['slots'];
let stored: Bench['stored'];

beforeEach(() => {
  ({ clock, jobs, meanwhile, waitRoutes: routes, slots, stored } = aBench());
});

describe('GET /v1/jobs/{id}', () => {
  it('shows the job with signed URLs, an ETag, and nothing internal', async () => {
    const job = await stored(aSucceededJob(clock.now()));

    const response = await routes.get(requestFor(job), CONTEXT);

    if ('chunks' in response) throw new Error('a job is no stream');
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

  it('answers at once, and applies no preference, when the tenant has too many waiting', async () => {
    const job = await stored(aJobRecord());
    const now = clock.now();
    const lease = { now, until: new Date(now.getTime() + 60_000) };
    const held = await Promise.all(Array.from({ length: WAITERS }, () => slots.take(job.tenantId, lease)));
    const ask = (headers = {}) => routes.get(requestFor(job, { Prefer: 'wait=20', ...headers }), CONTEXT);

    const response = await ask();

    expect(response).toMatchObject({ status: 200, body: { status: 'queued' }, headers: { 'retry-after': '2' } });
    expect(response.headers).not.toHaveProperty('preference-applied');
    expect(await ask({ 'If-None-Match': 'W/"1"' })).toEqual({
      status: 304,
      headers: { etag: 'W/"1"', 'retry-after': '2' },
    });
    expect(clock.now()).toEqual(now);
    await held[0]?.release();
    expect((await ask()).headers).toMatchObject({ 'preference-applied': 'wait=20' });
  });

  it('gives its place back, also when it fails', async () => {
    const job = await stored(aJobRecord());
    await routes.get(requestFor(job, { Prefer: 'wait=2' }), CONTEXT);
    meanwhile.push(() => Promise.reject(new DependencyUnavailableError('throttled')));
    await expect(routes.get(requestFor(job, { Prefer: 'wait=2' }), CONTEXT)).rejects.toThrow('throttled');

    expect(slots.heldBy(job.tenantId)).toBe(0);
  });

  it('takes no place for what is over at once', async () => {
    const job = await stored(aSucceededJob(clock.now()));
    const before = slots.taken;

    const response = await routes.get(requestFor(job, { Prefer: 'wait=20' }), CONTEXT);

    expect(response.headers).toMatchObject({ 'preference-applied': 'wait=20' });
    expect(slots.taken).toBe(before);
  });

  it('leaves time to answer within the invocation', async () => {
    const job = await stored(aJobRecord());
    const start = clock.now().getTime();

    await routes.get(requestFor(job, { Prefer: 'wait=20' }), { getRemainingTimeInMillis: () => 5000 });

    expect(clock.now().getTime() - start).toBe(4000);
  });
});
