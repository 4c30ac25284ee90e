import { beforeEach, describe, expect, it } from 'vitest';
import { type JobRecord, jobSchema } from '@afterimage/job-schemas';
import { aJobRecord, aRunningJob } from '@afterimage/testing';
import { anApiRequest } from '../test/an-api-request.ts';
import { aBench, aSucceededJob, CONTEXT, OUTPUT, requestFor } from '../test/bench.ts';

type Bench = ReturnType<typeof aBench>;

let clock: Bench['clock'];
let jobs: Bench['jobs'];
let events: Bench['events'];
let routes: Bench['routes'];
let stored: Bench['stored'];

beforeEach(() => {
  ({ clock, jobs, events, routes, stored } = aBench());
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
    const shown = await routes.cancel(requestFor(job), CONTEXT);
    expect(jobSchema.parse(shown.body).outputs).toMatchObject([{ state: 'expired', url: null }]);
  });
});
