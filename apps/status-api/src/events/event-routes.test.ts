import { cancel, claim, DependencyUnavailableError, erase, heartbeat, succeed } from '@afterimage/job-core';
import { jobTimelineSchema, type JobRecord } from '@afterimage/job-schemas';
import { aJobRecord, anId, aRunningJob } from '@afterimage/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { aStreamBench, type Frame, LONG } from '../../test/a-stream.ts';
import { aSucceededJob, OUTPUT, requestFor, WAITERS } from '../../test/bench.ts';

let bench: ReturnType<typeof aStreamBench>;
beforeEach(() => {
  bench = aStreamBench();
});

const names = (frames: readonly Frame[]) => frames.map(({ name, raw }) => name ?? raw.trim());
const token = 'token-1';
const pause = () => undefined;

function beat(job: JobRecord, step: number, preview: { readonly previewKey?: string } = {}) {
  const about = { image: 1, images: 1, etaSeconds: 1, previewUrl: null };
  const progress = { fraction: step / 20, step, steps: 20, ...about, ...preview };
  return () => bench.jobs.change(job.id, heartbeat({ token, now: bench.clock.now(), leaseSeconds: 30, progress }));
}

function finish(job: JobRecord) {
  const { timings } = job;
  return () =>
    bench.jobs.change(
      job.id,
      succeed({ token, attempt: 1, now: bench.clock.now(), outputs: [OUTPUT], progress: null, timings }),
    );
}

describe('GET /v1/jobs/{id}/events as JSON', () => {
  it('is the timeline so far', async () => {
    const job = await bench.stored(aSucceededJob(bench.clock.now()));

    const answer = await bench.events(requestFor(job), LONG);

    if ('chunks' in answer) throw new Error('the timeline is no stream');
    const { data } = jobTimelineSchema.strict().parse(answer.body);
    expect(answer).toMatchObject({ status: 200, headers: { vary: 'accept' } });
    expect(data.map(({ id, type }) => `${id} ${type}`)).toEqual([
      '1 status',
      '2 status',
      '3 status',
      '4 output',
      '5 end',
    ]);
    expect(JSON.stringify(data)).not.toMatch(/token-1|worker-1|tenant-1"/);
  });

  it.each(['tenant-2', 'another'])('is 404 for the job of another tenant (%s)', async (tenant) => {
    const job = await bench.stored(aJobRecord());

    await expect(bench.events(requestFor(job, {}, tenant), LONG)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is 404 for no job, and for one that was erased', async () => {
    const job = await bench.stored(aSucceededJob(bench.clock.now()));
    await bench.jobs.change(job.id, erase(job, bench.clock.now()));

    for (const { id } of [job, { id: anId('job') }]) {
      await expect(bench.ask({ id })).rejects.toMatchObject({ code: 'not-found' });
    }
  });
});

describe('GET /v1/jobs/{id}/events as a stream', () => {
  it('begins with the whole job and goes on with what happens, up to the end', async () => {
    const job = await bench.stored(aJobRecord());
    const take = claim({ attempt: 1, owner: 'w', token, now: bench.clock.now(), leaseSeconds: 30 });
    bench.meanwhile.push(pause, () => bench.jobs.change(job.id, take), beat(job, 4), pause, finish(job));

    const frames = await bench.read(job);

    expect(names(frames)).toEqual(['retry: 2000', 'snapshot', 'status', 'progress', 'status', 'output', 'end']);
    expect(frames.map(({ id }) => id?.split('.')[0])).toEqual([undefined, '1', '2', '2', '3', '4', '5']);
    for (const { id, event } of frames.slice(1)) expect(event?.id).toBe(id);
    expect(bench.slots.heldBy(job.tenantId)).toBe(0);
  });

  it('carries the preview as a poll does, signed for each event', async () => {
    const job = await bench.stored(aRunningJob());
    const previewKey = `previews/tenant-1/${job.id}/1.webp`;
    bench.meanwhile.push(pause, beat(job, 4, { previewKey }), pause, pause, finish(job));

    const frames = await bench.read(job);

    const told = frames.flatMap(({ event }) => (event?.type === 'progress' ? [event.progress.previewUrl] : []));
    expect(told).toEqual([expect.stringContaining(previewKey)]);
    const end = frames.at(-1)?.event;
    expect(end).toMatchObject({ type: 'end' });
    expect(JSON.stringify(end)).not.toContain(previewKey);
  });

  it('says that it is a stream, which nothing on its way may hold back', async () => {
    const job = await bench.stored(aJobRecord());

    expect(await bench.open(job)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
    });
  });

  it('goes on after the last event that the client has', async () => {
    const job = await bench.stored(aRunningJob());
    bench.meanwhile.push(finish(job));

    expect(names(await bench.read(job, { 'last-event-id': '1' }))).toEqual([
      'retry: 2000',
      'status',
      'status',
      'output',
      'end',
    ]);
    const rest = await bench.read(job, { 'last-event-id': '4' });
    expect(names(rest)).toEqual(['retry: 2000', 'end']);
  });

  it('is 204 for a client that has the end, so that it does not come back', async () => {
    const job = await bench.stored(aSucceededJob(bench.clock.now()));

    expect(await bench.ask(job, { 'last-event-id': '5' })).toMatchObject({ status: 204 });
  });

  it.each(['x', '-1', '1.x', '4711', '999999999'])('refuses %s, which is no event of the job', async (id) => {
    const job = await bench.stored(aJobRecord());

    await expect(bench.ask(job, { 'last-event-id': id })).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer: 'Last-Event-ID', code: 'invalid_event_id' }] },
    });
  });

  it('tells of progress once a second at most, and then of the latest', async () => {
    const job = await bench.stored(aRunningJob());
    bench.meanwhile.push(...[1, 2, 3, 4, 5, 6].map((step) => beat(job, step)), finish(job));

    const progress = (await bench.read(job)).flatMap(({ event }) => (event?.type === 'progress' ? [event] : []));

    expect(progress.map((event) => event.progress.step)).toEqual([2, 4, 6]);
  });

  it('sends a comment every 15 s when there is nothing else to send', async () => {
    const job = await bench.stored(aJobRecord());
    bench.meanwhile.push(...Array.from({ length: 70 }, () => pause));
    bench.meanwhile.push(() => bench.jobs.change(job.id, cancel(job, bench.clock.now()) ?? never()));

    expect(names(await bench.read(job))).toEqual([
      'retry: 2000',
      'snapshot',
      ': heartbeat',
      ': heartbeat',
      'status',
      'end',
    ]);
  });

  it.each([
    ['after 14 minutes', LONG, 840],
    ['in time before the invocation ends', { getRemainingTimeInMillis: () => 65_000 }, 60],
  ])('asks the client to come back %s', async (_, context, seconds) => {
    const job = await bench.stored(aJobRecord());
    const start = bench.clock.now().getTime();

    const last = (await bench.read(job, {}, context)).at(-1);

    expect(last).toMatchObject({ name: 'reconnect', retry: '2000', id: undefined });
    expect((bench.clock.now().getTime() - start) / 1000).toBe(seconds);
    expect(bench.slots.heldBy(job.tenantId)).toBe(0);
  });

  it('tells what it knows and asks the client to come back later when the tenant reads too many', async () => {
    const job = await bench.stored(aRunningJob());
    const now = bench.clock.now();
    const lease = { now, until: new Date(now.getTime() + 60_000) };
    for (let index = 0; index < WAITERS; index++) await bench.slots.take(job.tenantId, lease);

    const frames = await bench.read(job, { 'last-event-id': '1' });

    expect(names(frames)).toEqual(['retry: 2000', 'status', 'reconnect']);
    expect(frames.at(-1)).toMatchObject({ retry: '10000' });
    expect(bench.clock.now()).toEqual(now);
  });

  it('keeps its place for as long as it lasts, and no longer', async () => {
    const job = await bench.stored(aJobRecord());
    const held: number[] = [];
    bench.meanwhile.push(...Array.from({ length: 300 }, () => async () => held.push(await countTaken(job))));
    const { chunks } = await bench.open(job, {}, { getRemainingTimeInMillis: () => 125_000 });
    for await (const _chunk of chunks);

    expect(new Set(held)).toEqual(new Set([1]));
    expect(bench.slots.heldBy(job.tenantId)).toBe(0);
  });

  /** Places that are held now, those left out whose lease has run out. */
  async function countTaken({ tenantId }: JobRecord): Promise<number> {
    const now = bench.clock.now();
    const free = await Promise.all(
      Array.from({ length: WAITERS }, () => bench.slots.take(tenantId, { now, until: now })),
    );
    await Promise.all(free.map((slot) => slot?.release()));
    return WAITERS - free.filter((slot) => slot !== undefined).length;
  }

  it('ends when its place is lost', async () => {
    const job = await bench.stored(aJobRecord());
    bench.meanwhile.push(() => {
      bench.clock.advance(70_000);
      return takeAll(job);
    });

    expect(names(await bench.read(job)).at(-1)).toBe('reconnect');
  });

  async function takeAll({ tenantId }: JobRecord): Promise<void> {
    const now = bench.clock.now();
    for (let index = 0; index < WAITERS; index++) await bench.slots.take(tenantId, { now, until: now });
  }

  it('ends and gives its place back as soon as its client has gone', async () => {
    const job = await bench.stored(aJobRecord());
    const { chunks, leave } = await bench.open(job);
    const start = bench.clock.now().getTime();
    bench.meanwhile.push(pause, () => {
      expect(bench.slots.heldBy(job.tenantId)).toBe(1);
      leave();
    });

    const got: string[] = [];
    for await (const chunk of chunks) got.push(chunk);

    expect(got).toHaveLength(2);
    expect(bench.clock.now().getTime() - start).toBe(1000);
    expect(bench.slots.heldBy(job.tenantId)).toBe(0);
  });

  it('asks the client to come back when the table fails, or the job is erased meanwhile', async () => {
    const job = await bench.stored(aRunningJob());
    bench.meanwhile.push(() => Promise.reject(new DependencyUnavailableError('throttled')));
    expect(names(await bench.read(job))).toEqual(['retry: 2000', 'snapshot', 'reconnect']);

    bench.meanwhile.push(async () => {
      const ended = await finish(job)();
      if (ended !== undefined) await bench.jobs.change(job.id, erase(ended, bench.clock.now()));
    });
    expect(names(await bench.read(job))).toEqual(['retry: 2000', 'snapshot', 'reconnect']);
    expect(bench.slots.heldBy(job.tenantId)).toBe(0);
  });
});

function never(): never {
  throw new Error('the job cannot be canceled');
}
