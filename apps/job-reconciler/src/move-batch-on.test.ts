import {
  after,
  batchJobs,
  BATCH_GRACE_SECONDS,
  cancelBatch,
  completeBatch,
  makeAnnounceBatch,
  makeCancelBatchJobs,
  makeCountBatch,
  makeFillBatch,
  makeSettleBatch,
  RECOUNT_SECONDS,
} from '@afterimage/job-core';
import {
  aBatchRecord,
  batchRequests,
  FakeClock,
  InMemoryBatchStore,
  InMemoryDueIndex,
  InMemoryJobStore,
  RecordingEventPublisher,
  recordingTelemetry,
} from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { makeMoveBatchOn } from './move-batch-on.ts';
import { makeReconcile } from './reconcile.ts';
import { createTally } from './summary.ts';

const unused = () => Promise.reject(new Error('only a batch is due'));

async function setUp() {
  const clock = new FakeClock();
  const { now } = clock;
  const jobs = new InMemoryJobStore();
  const batches = new InMemoryBatchStore();
  const events = new RecordingEventPublisher();
  const enqueued: string[] = [];
  const announceBatch = makeAnnounceBatch({ batches, events, apiUrl: 'https://api.example.com', now });
  const settleBatch = makeSettleBatch({ batches, announceBatch, now });
  const moveBatchOn = makeMoveBatchOn({
    batches,
    fillBatch: makeFillBatch({
      jobs,
      batches,
      enqueue: async ({ id }) => void enqueued.push(id),
      now,
      newSeed: () => 7,
    }),
    cancelBatchJobs: makeCancelBatchJobs({ jobs, announce: async () => {}, now }),
    countBatch: makeCountBatch({ batches, jobs, settleBatch, now }),
    announceBatch,
    now,
  });
  const reconcile = makeReconcile({
    due: new InMemoryDueIndex({ batches }),
    moveJobOn: unused,
    moveBatchOn,
    moveDeliveryOn: unused,
    log: recordingTelemetry().log,
    now,
    batchPerShard: 10,
    concurrency: 2,
  });
  const batch = aBatchRecord({ createdAt: now().toISOString() });
  await batches.create(batch, batchRequests(2));
  async function run() {
    const tally = createTally();
    await reconcile(() => true, tally);
    return tally.summary();
  }
  return { clock, jobs, batches, events, enqueued, batch, run, stored: () => batches.get(batch.id) };
}

describe('a batch', () => {
  it('is left alone while whoever creates it may still be at work', async () => {
    const { clock, run } = await setUp();
    clock.advance(BATCH_GRACE_SECONDS * 1000 - 1);

    expect(await run()).toEqual({ steps: {}, failures: 0 });
  });

  it('whose creation was cut off gets its jobs, and is looked at again much later', async () => {
    const { clock, batch, enqueued, run, stored } = await setUp();
    clock.advance(BATCH_GRACE_SECONDS * 1000);

    expect(await run()).toEqual({ steps: { fillBatch: 1 }, failures: 0 });

    expect(enqueued.toSorted()).toEqual(
      batchJobs(batch)
        .map(({ jobId }) => jobId)
        .toSorted(),
    );
    expect(await stored()).toMatchObject({ isFilled: true, dueAt: after(clock.now(), RECOUNT_SECONDS) });
  });

  it('completes when its jobs have ended, although no event said so', async () => {
    const { clock, jobs, batches, batch, events, run, stored } = await setUp();
    clock.advance(BATCH_GRACE_SECONDS * 1000);
    await run();
    for (const { id } of jobs.all()) {
      await jobs.change(id, { guard: { status: ['queued'] }, set: { status: 'failed' }, bumpsVersion: true });
    }
    clock.advance(RECOUNT_SECONDS * 1000);

    expect(await run()).toEqual({ steps: { countBatch: 1 }, failures: 0 });

    expect(await stored()).toMatchObject({ status: 'completed', dueAt: null });
    expect(events.publishedOfBatches).toMatchObject([
      { subject: batch.id, data: { batch: { counts: { failed: 2 } } } },
    ]);
    expect(batches.all()).toHaveLength(1);
  });

  it('is canceled to the end', async () => {
    const { clock, jobs, batches, batch, run, stored } = await setUp();
    await batches.change(batch.id, cancelBatch(clock.now()));
    clock.advance(BATCH_GRACE_SECONDS * 1000);

    await run();

    expect(jobs.all().map(({ status }) => status)).toEqual(['canceled', 'canceled']);
    expect(await stored()).toMatchObject({ status: 'completed' });
  });

  it('whose event was not published is announced under the same id', async () => {
    const { clock, batches, batch, events, run, stored } = await setUp();
    await batches.change(batch.id, completeBatch(clock.now()));
    clock.advance(BATCH_GRACE_SECONDS * 1000);

    expect(await run()).toEqual({ steps: { announceBatch: 1 }, failures: 0 });
    expect(await run()).toEqual({ steps: {}, failures: 0 });

    expect(events.publishedOfBatches.map(({ subject }) => subject)).toEqual([batch.id]);
    expect(await stored()).toMatchObject({ dueAt: null });
  });
});
