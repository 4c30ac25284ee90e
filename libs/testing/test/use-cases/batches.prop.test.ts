/** The use cases of batches on the in-memory stores, with crashes between their steps and events in any order. */
import {
  batchJobs,
  cancel,
  expire,
  type JobChange,
  makeAnnounceBatch,
  makeCancelBatchJobs,
  makeCountBatch,
  makeCountEnd,
  makeFillBatch,
  makeSettleBatch,
  cancelBatch,
  claim,
  confirmAnnounced,
  deadLetter,
  endAttempt,
  endOfStatus,
  erase,
  succeed,
} from '@afterimage/job-core';
import type { BatchEvent, BatchRecord, EndStatus, JobRecord } from '@afterimage/job-schemas';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aBatchRecord,
  batchRequests,
  CREATED_AT,
  InMemoryBatchStore,
  InMemoryJobStore,
  RecordingEventPublisher,
} from '../../src/index.ts';

const NOW = new Date(CREATED_AT);
const LATER = new Date(Date.parse(CREATED_AT) + 100_000_000);

/** How the job of an item ends; one that was lost is tried again. */
const WAYS = ['succeeded', 'failed', 'dead-lettered', 'canceled', 'expired', 'lost and then succeeded'] as const;
type Way = (typeof WAYS)[number];

const SUCCESS = {
  outputs: [],
  progress: null,
  timings: { queuedMs: 1, modelLoadMs: null, inferenceMs: 1, uploadMs: 1 },
};
const ERROR = { code: 'worker_lost', message: 'gone', stage: 'inferring' } as const;

/** Every call of a port may be the last one of its process: `crashAt` counts them. */
function world(crashAt = Number.POSITIVE_INFINITY) {
  let calls = 0;
  const jobs = new InMemoryJobStore();
  const batches = new InMemoryBatchStore();
  const events = new RecordingEventPublisher();
  const enqueued: string[] = [];
  const now = () => NOW;

  function mortal<T extends object>(port: T, isOver: () => boolean): T {
    return new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...given: unknown[]) => {
          if (isOver()) throw new Error('the process is gone');
          return Reflect.apply(member, target, given);
        };
      },
    });
  }

  function process(isOver: () => boolean) {
    const ports = {
      jobs: mortal(jobs, isOver),
      batches: mortal(batches, isOver),
      events: mortal(events, isOver),
      apiUrl: 'https://api.example.com',
      now,
      newSeed: () => 7,
      announce: async () => {},
      enqueue: async ({ id }: { readonly id: string }) => {
        if (isOver()) throw new Error('the process is gone');
        enqueued.push(id);
      },
    };
    const announceBatch = makeAnnounceBatch(ports);
    const settleBatch = makeSettleBatch({ ...ports, announceBatch });
    const countBatch = makeCountBatch({ ...ports, settleBatch });
    const fillBatch = makeFillBatch(ports);
    const cancelBatchJobs = makeCancelBatchJobs(ports);
    return { announceBatch, countBatch, countEnd: makeCountEnd({ ...ports, settleBatch }), fillBatch, cancelBatchJobs };
  }

  const frail = process(() => calls++ >= crashAt);
  const sound = process(() => false);

  /** What the reconciler does with a batch that is due. */
  async function reconcile(batchId: string): Promise<void> {
    const batch = await batches.get(batchId);
    if (batch === undefined || batch.dueAt === null) return;
    if (batch.status === 'completed') return sound.announceBatch(batch);
    const filled = await sound.fillBatch(batch);
    if (filled.status === 'canceling') await sound.cancelBatchJobs(filled);
    await sound.countBatch(filled);
  }

  async function step(jobId: string, change: JobChange | undefined): Promise<JobRecord> {
    const job = change === undefined ? undefined : await jobs.change(jobId, change);
    if (job === undefined) throw new Error(`${jobId} does not take this change`);
    return job;
  }

  /** Leads a queued job to its end. */
  async function end(job: JobRecord, way: Way): Promise<JobRecord> {
    const { id, attempt } = job;
    if (way === 'canceled') return step(id, cancel(job, NOW));
    if (way === 'expired') return step(id, expire(LATER));
    if (way === 'dead-lettered') return step(id, deadLetter(attempt, NOW));
    const running = await step(id, claim({ attempt, owner: 'worker-1', token: 'token', now: NOW, leaseSeconds: 30 }));
    if (way === 'succeeded') return step(id, succeed({ token: 'token', attempt, now: NOW, ...SUCCESS }));
    const outcome = way === 'failed' ? 'failed' : 'lost';
    const error = { ...ERROR, attempt, retryable: outcome === 'lost' };
    const after = await step(id, endAttempt(running, { outcome, reason: error.code, error, now: NOW }));
    return outcome === 'failed' ? after : end(after, 'succeeded');
  }

  return { jobs, batches, events, enqueued, frail, sound, reconcile, end };
}

const distinct = (events: readonly BatchEvent[]) => new Set(events.map(({ id }) => id)).size;

async function stored(batches: InMemoryBatchStore, { id }: BatchRecord): Promise<BatchRecord> {
  const batch = await batches.get(id);
  if (batch === undefined) throw new Error(`there is no batch ${id}`);
  return batch;
}

describe('a batch whose creation was cut off at any step', () => {
  it('has every job once, published or due, after one step of the reconciler', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 5 }), async (crashAt, size) => {
        const { jobs, batches, enqueued, frail, reconcile } = world(crashAt);
        const batch = aBatchRecord({ size });
        await batches.create(batch, batchRequests(size));

        await frail.fillBatch(batch, batchRequests(size)).catch(() => {});
        await reconcile(batch.id);

        expect((await stored(batches, batch)).isFilled).toBe(true);
        expect(await batches.requestsOf(batch)).toEqual([]);
        const ids = batchJobs(batch).map(({ jobId }) => jobId);
        expect(
          jobs
            .all()
            .map(({ id }) => id)
            .toSorted(),
        ).toEqual(ids.toSorted());
        for (const job of jobs.all()) expect(enqueued.includes(job.id) || job.dueAt !== null).toBe(true);
        expect(new Set(enqueued).size).toBe(enqueued.length);
      }),
    );
  });

  it('is canceled in full, also when the cancellation came in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 20 }), async (crashAt) => {
        const { jobs, batches, events, frail, sound, reconcile } = world(crashAt);
        const batch = aBatchRecord({ size: 4 });
        await batches.create(batch, batchRequests(4));
        await frail.fillBatch(batch, batchRequests(4)).catch(() => {});
        await batches.change(batch.id, cancelBatch(NOW));
        await sound.cancelBatchJobs(await stored(batches, batch));

        await reconcile(batch.id);

        expect(jobs.all().map(({ status }) => status)).toEqual(Array(4).fill('canceled'));
        expect(await stored(batches, batch)).toMatchObject({ status: 'completed' });
        expect(events.publishedOfBatches).toHaveLength(1);
      }),
    );
  });
});

describe('the end of a batch', () => {
  it('is told once, in whatever order and however often the ends of its jobs are, with a crash anywhere', async () => {
    const orders = fc.integer({ min: 1, max: 6 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        ways: fc.array(fc.constantFrom(...WAYS), { minLength: size, maxLength: size }),
        erases: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
        order: fc.shuffledSubarray([...Array(size * 2).keys()], { minLength: 0 }),
        crashAt: fc.nat({ max: 20 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ({ size, ways, erases, order, crashAt }) => {
        const { jobs, batches, events, frail, sound, reconcile, end } = world(crashAt);
        const batch = aBatchRecord({
          size: size + 1,
          rejections: [{ index: 0, code: 'validation-failed', detail: 'x' }],
        });
        const requests = batchRequests(size + 1).slice(1);
        await batches.create(batch, requests);
        await sound.fillBatch(batch, requests);
        const ends: [string, EndStatus][] = [];
        for (const [index, job] of jobs.all().entries()) {
          const ended = await end(job, ways[index] ?? 'succeeded');
          const status = endOfStatus(ended.status);
          if (status !== undefined) ends.push([job.id, status]);
          if (erases[index] !== true) continue;
          await jobs.change(job.id, confirmAnnounced(ended));
          await jobs.change(job.id, erase(ended, NOW));
        }

        // Some events come twice, some not at all, and one process dies.
        for (const each of order) {
          const [jobId, status] = ends[each % size] ?? ['', 'failed'];
          await frail.countEnd(batch.id, jobId, status).catch(() => {});
        }
        await reconcile(batch.id);
        await reconcile(batch.id);

        const completed = await stored(batches, batch);
        expect(completed).toMatchObject({ status: 'completed', dueAt: null, ends: Object.fromEntries(ends) });
        expect(events.publishedOfBatches.length).toBeGreaterThanOrEqual(1);
        expect(distinct(events.publishedOfBatches)).toBe(1);
        const counts = { total: size + 1, rejected: 1, succeeded: 0, failed: 0, canceled: 0, expired: 0 };
        for (const [, status] of ends) counts[status] += 1;
        expect(ends).toHaveLength(size);
        expect(events.publishedOfBatches[0]?.data.batch.counts).toMatchObject(counts);
      }),
      { numRuns: 200 },
    );
  });

  it('is not told before the last job has ended, and published once without a crash', async () => {
    const { jobs, batches, events, sound, end } = world();
    const batch = aBatchRecord({ size: 3 });
    await batches.create(batch, batchRequests(3));
    await sound.fillBatch(batch);

    for (const job of jobs.all()) {
      expect(events.publishedOfBatches).toEqual([]);
      await sound.countBatch(await stored(batches, batch));
      await end(job, 'canceled');
      for (let times = 0; times < 3; times++) await sound.countEnd(batch.id, job.id, 'canceled');
    }

    expect(events.publishedOfBatches).toHaveLength(1);
    expect(events.publishedOfBatches[0]?.data.batch).toMatchObject({
      status: 'completed',
      counts: { total: 3, canceled: 3 },
    });
  });

  it('comes at once when no item was accepted', async () => {
    const { batches, events, sound } = world();
    const rejections = [0, 1].map((index) => ({ index, code: 'model-not-available' as const, detail: 'x' }));
    const batch = aBatchRecord({ rejections });
    await batches.create(batch, []);

    await sound.countBatch(await sound.fillBatch(batch));

    expect(events.publishedOfBatches[0]?.data.batch.counts).toMatchObject({ total: 2, rejected: 2 });
  });
});
