import { beforeEach, describe, expect, it } from 'vitest';
import { applyChange, claim, makeAnnounce, succeed } from '@afterimage/job-core';
import { type Job, type JobRecord, jobSchema } from '@afterimage/job-schemas';
import {
  aJobRecord,
  anId,
  aRunningJob,
  FakeClock,
  InMemoryJobStore,
  InMemoryOutputStore,
  RecordingEventPublisher,
  silentLog,
} from '@afterimage/testing';
import { anApiRequest } from '../test/an-api-request.ts';
import { makeCancelJob } from './cancel-job.ts';
import { makeGetJob } from './get-job.ts';
import { makeJobRoutes } from './job-routes.ts';
import { makeListJobs } from './list-jobs.ts';
import { makeSignOutputs } from './sign-outputs.ts';
import { makeWaitForJob } from './wait-for-job.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 29_000 };
const OUTPUT = {
  index: 0,
  key: 'outputs/tenant-1/job/1/0.png',
  contentType: 'image/png',
  width: 64,
  height: 64,
  bytes: 100,
  sha256: 'ab',
  seed: 42,
  thumbnailKey: null,
};

function aSucceededJob(now: Date): JobRecord {
  const running = aRunningJob();
  const { timings } = running;
  const change = succeed({ token: 'token-1', attempt: 1, now, outputs: [OUTPUT], progress: null, timings });
  const succeeded = applyChange(running, change);
  if (succeeded === undefined) throw new Error('the job cannot succeed');
  return succeeded;
}

let clock: FakeClock;
let jobs: InMemoryJobStore;
let events: RecordingEventPublisher;
let routes: ReturnType<typeof makeJobRoutes>;
/** What happens while a request waits, one entry a look at the job. */
let meanwhile: (() => Promise<unknown>)[];

beforeEach(() => {
  clock = new FakeClock();
  jobs = new InMemoryJobStore();
  events = new RecordingEventPublisher();
  meanwhile = [];
  const { now } = clock;
  const getJob = makeGetJob({ jobs });
  const apiUrl = 'https://api.example.com';
  routes = makeJobRoutes({
    getJob,
    waitForJob: makeWaitForJob({
      getJob,
      sleep: async (milliseconds) => {
        clock.advance(milliseconds);
        await meanwhile.shift()?.();
      },
      monotonicMs: () => now().getTime(),
      pollIntervalMs: 500,
    }),
    cancelJob: makeCancelJob({
      jobs,
      getJob,
      announce: makeAnnounce({ jobs, events, apiUrl, now }),
      now,
      log: silentLog,
    }),
    listJobs: makeListJobs({ jobs, cursorSecret: 's'.repeat(32) }),
    signOutputs: makeSignOutputs({ outputs: new InMemoryOutputStore(), expiresInSeconds: 3600, now }),
    apiUrl,
    now,
  });
});

async function stored(job: JobRecord): Promise<JobRecord> {
  return (await jobs.create(job)).job;
}

function requestFor(job: { readonly id: string }, headers: Record<string, string> = {}, tenantId = 'tenant-1') {
  return anApiRequest({ params: { id: job.id }, headers, tenantId });
}

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
    meanwhile = [take(job), finish];

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

    meanwhile = [take(job)];
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

describe('GET /v1/jobs', () => {
  const list = (query: Record<string, string>, tenantId = 'tenant-1') =>
    routes.list(anApiRequest({ query, tenantId }), CONTEXT);
  const pageOf = (response: { readonly body?: unknown }) => response.body as { data: Job[]; nextCursor: string | null };

  async function storedAt(seconds: number, overrides: Partial<JobRecord> = {}): Promise<JobRecord> {
    return stored(
      aJobRecord({ createdAt: new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString(), ...overrides }),
    );
  }

  it('pages through the tenant’s jobs, newest first, stable under inserts', async () => {
    for (let i = 0; i < 5; i++) await storedAt(i);
    await storedAt(9, { tenantId: 'tenant-2' });

    const first = await list({ limit: '2' });
    await storedAt(10);
    const { data: one, nextCursor } = pageOf(first);
    const two = pageOf(await list({ limit: '2', cursor: nextCursor ?? '' }));
    const three = pageOf(await list({ limit: '2', cursor: two.nextCursor ?? '' }));

    const seconds = [...one, ...two.data, ...three.data].map(({ createdAt }) => new Date(createdAt).getUTCSeconds());
    expect(seconds).toEqual([4, 3, 2, 1, 0]);
    expect(three.nextCursor).toBeNull();
    expect(first.headers?.['link']).toBe(
      `<https://api.example.com/v1/jobs?limit=2&cursor=${encodeURIComponent(nextCursor ?? '')}>; rel="next"`,
    );
  });

  it('filters by status, model and time', async () => {
    await storedAt(0, { model: 'other' });
    await storedAt(1, { status: 'failed' });
    const wanted = await storedAt(2);
    await storedAt(3);

    const query = {
      status: 'queued',
      model: 'sketch-1',
      createdAfter: '2026-01-01T00:00:00Z',
      createdBefore: '2026-01-01T01:00:03+01:00',
    };
    expect(pageOf(await list(query)).data.map(({ id }) => id)).toEqual([wanted.id]);
  });

  it.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '101' }, 'limit'],
    [{ limit: 'many' }, 'limit'],
    [{ status: 'done' }, 'status'],
    [{ createdAfter: 'yesterday' }, 'createdAfter'],
    [{ sort: 'asc' }, 'sort'],
    [{ cursor: 'x' }, 'cursor'],
  ])('refuses %o and names the parameter', async (query, pointer) => {
    await expect(list(query as Record<string, string>)).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer }] },
    });
  });

  it('refuses the cursor of another tenant', async () => {
    await storedAt(1);
    await storedAt(2);
    const { nextCursor } = pageOf(await list({ limit: '1' }));

    await expect(list({ limit: '1', cursor: nextCursor ?? '' }, 'tenant-2')).rejects.toMatchObject({
      code: 'validation-failed',
    });
  });
});
