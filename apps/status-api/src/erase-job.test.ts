import { outputPrefix, previewKey } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import { aJobRecord, anId, aRunningJob } from '@afterimage/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { anApiRequest } from '../test/an-api-request.ts';
import { aBench, aSucceededJob, CONTEXT, requestFor } from '../test/bench.ts';

type Bench = ReturnType<typeof aBench>;

let clock: Bench['clock'];
let jobs: Bench['jobs'];
let events: Bench['events'];
let outputs: Bench['outputs'];
let routes: Bench['routes'];
let waitRoutes: Bench['waitRoutes'];
let stored: Bench['stored'];

beforeEach(() => {
  ({ clock, jobs, events, outputs, routes, waitRoutes, stored } = aBench());
});

async function withFiles(job: JobRecord): Promise<JobRecord> {
  for (const file of ['1/0.png', '2/0.png', '2/0-thumb.webp']) {
    const key = `${outputPrefix(job)}${file}`;
    await outputs.put({ key, body: new Uint8Array(1), contentType: 'image/png', sha256: '' });
  }
  await outputs.put({ key: previewKey(job), body: new Uint8Array(1), contentType: 'image/webp', sha256: '' });
  return stored(job);
}

const content = (job: JobRecord) => routes.content(anApiRequest({ params: { id: job.id, n: '0' } }), CONTEXT);

describe('DELETE /v1/jobs/{id}', () => {
  it('erases what the client sent and got, and is the same the second time', async () => {
    const job = await withFiles(aSucceededJob(clock.now()));
    const other = await withFiles(aJobRecord({ status: 'failed' }));

    expect(await routes.erase(requestFor(job), CONTEXT)).toEqual({ status: 204 });
    expect(await routes.erase(requestFor(job), CONTEXT)).toEqual({ status: 204 });

    expect([...outputs.objects.keys()].every((key) => key.includes(other.id))).toBe(true);
    expect(outputs.objects.size).toBe(4);
    expect(await jobs.get(job.id)).toMatchObject({
      status: 'succeeded',
      erasedAt: clock.now().toISOString(),
      outputs: [],
      dueAt: null,
      version: job.version + 1,
    });
  });

  it('leaves a tombstone that is not found, but for its outputs, which are gone', async () => {
    const job = await stored(aSucceededJob(clock.now()));
    await routes.erase(requestFor(job), CONTEXT);

    await expect(waitRoutes.get(requestFor(job), CONTEXT)).rejects.toMatchObject({ code: 'not-found' });
    await expect(routes.cancel(requestFor(job), CONTEXT)).rejects.toMatchObject({ code: 'not-found' });
    await expect(content(job)).rejects.toMatchObject({ code: 'output-expired' });
    expect((await routes.list(anApiRequest(), CONTEXT)).body).toMatchObject({ data: [] });
  });

  it('tells the tenant’s subscribers of the end first, when nobody has yet', async () => {
    const job = await stored(aSucceededJob(clock.now()));

    await routes.erase(requestFor(job), CONTEXT);

    expect(events.published).toMatchObject([{ type: 'job.succeeded', data: { job: { outputs: [{ index: 0 }] } } }]);
  });

  it('erases nothing while the end cannot be told', async () => {
    const job = await withFiles(aSucceededJob(clock.now()));
    vi.spyOn(events, 'publish').mockRejectedValue(new Error('SNS is away'));

    await expect(routes.erase(requestFor(job), CONTEXT)).rejects.toThrow('SNS is away');

    expect(await jobs.get(job.id)).toEqual(job);
    expect(outputs.objects.size).toBe(4);
  });

  it('leaves files that cannot be deleted now to be deleted later, by itself or by the client again', async () => {
    const job = await withFiles(aSucceededJob(clock.now()));
    const deleteAll = vi.spyOn(outputs, 'deleteAll').mockRejectedValueOnce(new Error('S3 is away'));

    expect(await routes.erase(requestFor(job), CONTEXT)).toEqual({ status: 204 });

    const tombstone = await jobs.get(job.id);
    clock.advance(60_000);
    expect(tombstone?.dueAt).toBe(clock.now().toISOString());
    await routes.erase(requestFor(job), CONTEXT);
    expect(deleteAll).toHaveBeenCalledTimes(3);
    expect(outputs.objects.size).toBe(0);
    expect(await jobs.get(job.id)).toMatchObject({ dueAt: null });
  });

  it('follows a job that moves between the read and the write', async () => {
    const job = await stored(aSucceededJob(clock.now()));
    const change = jobs.change.bind(jobs);
    let refusals = 1;
    vi.spyOn(jobs, 'change').mockImplementation(async (id, each) =>
      each.set.erasedAt !== undefined && refusals-- > 0 ? undefined : change(id, each),
    );

    expect(await routes.erase(requestFor(job), CONTEXT)).toEqual({ status: 204 });

    expect(await jobs.get(job.id)).toMatchObject({ erasedAt: expect.any(String), dueAt: null });
  });

  it.each([aJobRecord(), aRunningJob(), { ...aRunningJob(), status: 'canceling' as const }])(
    'is refused for a job that is $status',
    async (given) => {
      const job = await stored(given);

      await expect(routes.erase(requestFor(job), CONTEXT)).rejects.toMatchObject({
        code: 'job-not-terminal',
        details: { jobId: job.id },
      });
      expect(await jobs.get(job.id)).toEqual(job);
    },
  );

  it('is 404 for no job, and for the job of another tenant', async () => {
    const job = await stored(aSucceededJob(clock.now()));

    await expect(routes.erase(requestFor({ id: anId('job') }), CONTEXT)).rejects.toMatchObject({ code: 'not-found' });
    await expect(routes.erase(requestFor(job, {}, 'tenant-2'), CONTEXT)).rejects.toMatchObject({ code: 'not-found' });
    expect(await jobs.get(job.id)).toEqual(job);
  });
});
