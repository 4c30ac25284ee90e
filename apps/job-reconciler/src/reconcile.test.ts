import { erase, makeAnnounce, makeEnqueue, makeEraseFiles, outputPrefix } from '@afterimage/job-core';
import type { Delivery, JobRecord } from '@afterimage/job-schemas';
import {
  aDelivery,
  aJobRecord,
  aRunningJob,
  FakeClock,
  InMemoryDeliveryStore,
  InMemoryDueIndex,
  InMemoryJobStore,
  InMemoryOutputStore,
  RecordingDeliveryQueue,
  RecordingEventPublisher,
  RecordingJobPublisher,
  recordingTelemetry,
} from '@afterimage/testing';
import { describe, expect, test, vi } from 'vitest';
import { makeMoveDeliveryOn } from './move-delivery-on.ts';
import { makeMoveJobOn } from './move-job-on.ts';
import { makeReconcile } from './reconcile.ts';
import { makeRunOnce } from './run-once.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const AMPLE_MS = 60_000;

interface World {
  readonly jobs?: readonly JobRecord[];
  readonly deliveries?: readonly Delivery[];
  readonly batchPerShard?: number;
  readonly concurrency?: number;
}

async function setUp(world: World = {}) {
  const { batchPerShard = 100, concurrency = 4 } = world;
  const clock = new FakeClock();
  const { now } = clock;
  const telemetry = recordingTelemetry();
  const jobs = new InMemoryJobStore(world.jobs);
  const deliveries = new InMemoryDeliveryStore();
  for (const delivery of world.deliveries ?? []) await deliveries.create(delivery);
  const outputs = new InMemoryOutputStore();
  const events = new RecordingEventPublisher();
  const publisher = new RecordingJobPublisher();
  const freed: string[] = [];
  const queue = new RecordingDeliveryQueue();
  const due = new InMemoryDueIndex({ jobs, deliveries });
  const announce = makeAnnounce({ jobs, events, apiUrl: 'https://api.example.com', now });
  const enqueue = makeEnqueue({ jobs, publisher });
  const reconcile = makeReconcile({
    due,
    moveJobOn: makeMoveJobOn({
      jobs,
      announce,
      enqueue,
      eraseFiles: makeEraseFiles({ jobs, outputs }),
      freePlace: async (tenantId) => void freed.push(tenantId),
      now,
      inTrace: (_job, work) => work(),
    }),
    moveBatchOn: () => Promise.reject(new Error('no batch is due')),
    moveDeliveryOn: makeMoveDeliveryOn({ deliveries, queue, now }),
    log: telemetry.log,
    now,
    batchPerShard,
    concurrency,
  });
  const runOnce = makeRunOnce({ tasks: [reconcile], telemetry });
  const run = (remainingMs = () => AMPLE_MS) => runOnce(remainingMs);
  return { clock, telemetry, jobs, outputs, deliveries, events, publisher, queue, due, freed, run };
}

function manyJobs(count: number): JobRecord[] {
  return Array.from({ length: count }, () => aJobRecord());
}

describe('jobs', () => {
  test('that were put but not published are published, once', async () => {
    const job = aJobRecord({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    const { clock, publisher, jobs, run } = await setUp({ jobs: [job] });
    clock.advance(MINUTE_MS);

    expect(await run()).toEqual({ steps: { enqueue: 1 }, failures: 0 });
    expect(await run()).toEqual({ steps: {}, failures: 0 });

    expect(publisher.published).toEqual([
      { message: expect.objectContaining({ jobId: job.id, attempt: 1 }), traceparent: job.traceparent },
    ]);
    expect(await jobs.get(job.id)).toMatchObject({ isPublished: true, dueAt: job.startDeadlineAt });
  });

  test('that nobody started in time expire and are announced in the same run', async () => {
    const job = aJobRecord();
    const { clock, events, jobs, freed, run } = await setUp({ jobs: [job] });
    clock.advance(2 * HOUR_MS);

    expect(await run()).toEqual({ steps: { expire: 1 }, failures: 0 });

    expect(events.published).toEqual([expect.objectContaining({ type: 'job.expired', subject: job.id })]);
    expect(await jobs.get(job.id)).toMatchObject({ status: 'expired', isAnnounced: true, dueAt: null });
    expect(freed).toEqual([]);
  });

  test('whose worker went away are queued again with the next attempt', async () => {
    const job = aRunningJob();
    const { clock, publisher, freed, run } = await setUp({ jobs: [job] });
    clock.advance(MINUTE_MS);

    expect(await run()).toEqual({ steps: { loseWorker: 1 }, failures: 0 });

    expect(publisher.published.map(({ message }) => message.attempt)).toEqual([2]);
    expect(freed).toEqual([job.tenantId]);
  });

  test('that lost their last worker fail and are announced', async () => {
    const { clock, events, run } = await setUp({ jobs: [aRunningJob({ losses: 10 })] });
    clock.advance(MINUTE_MS);

    await run();

    expect(events.published).toEqual([expect.objectContaining({ type: 'job.failed' })]);
  });

  test('whose erasure stopped half-way have their files deleted, the deletion that fails once included', async () => {
    const job = aJobRecord({ status: 'succeeded', isAnnounced: true, dueAt: null });
    const { clock, jobs, outputs, events, run } = await setUp({ jobs: [job] });
    const key = `${outputPrefix(job)}1/0.png`;
    await outputs.put({ key, body: new Uint8Array(1), contentType: 'image/png', sha256: '' });
    await jobs.change(job.id, erase(job, clock.now()));
    clock.advance(MINUTE_MS);
    vi.spyOn(outputs, 'deleteAll').mockRejectedValueOnce(new Error('S3 is away'));

    expect(await run()).toEqual({ steps: {}, failures: 1 });
    expect(await run()).toEqual({ steps: { eraseFiles: 1 }, failures: 0 });
    expect(await run()).toEqual({ steps: {}, failures: 0 });

    expect(outputs.objects.size).toBe(0);
    expect(events.published).toEqual([]);
    expect(await jobs.get(job.id)).toMatchObject({ dueAt: null, erasedAt: expect.any(String) });
  });

  test('that are not due, or not there any more, are left alone', async () => {
    const { clock, due, run } = await setUp({ jobs: [aJobRecord()] });

    expect(await run()).toEqual({ steps: {}, failures: 0 });

    clock.advance(MINUTE_MS);
    vi.spyOn(due, 'listDue').mockResolvedValue([
      { kind: 'job', id: aJobRecord().id, dueAt: '2026-01-01T00:00:00.000Z' },
    ]);
    expect(await run()).toEqual({ steps: { none: 1 }, failures: 0 });
  });

  test('that somebody else moves on in the same moment are not published twice', async () => {
    const job = aRunningJob();
    const { clock, jobs, publisher, run } = await setUp({ jobs: [job] });
    clock.advance(MINUTE_MS);
    vi.spyOn(jobs, 'change').mockResolvedValueOnce(undefined);

    expect(await run()).toEqual({ steps: { none: 1 }, failures: 0 });

    expect(publisher.published).toEqual([]);
  });

  test('whose event could not be published are announced by a later run, under the same id', async () => {
    const { clock, events, run } = await setUp({ jobs: [aJobRecord()] });
    const publish = vi.spyOn(events, 'publish').mockRejectedValueOnce(new Error('topic is away'));
    clock.advance(2 * HOUR_MS);

    expect(await run()).toEqual({ steps: {}, failures: 1 });
    clock.advance(MINUTE_MS);
    expect(await run()).toEqual({ steps: { announce: 1 }, failures: 0 });

    const [first, second] = publish.mock.calls.map(([event]) => event.id);
    expect(second).toBe(first);
  });
});

describe('webhook deliveries', () => {
  test('that are due are sent to the notifier, not more than once a minute', async () => {
    const delivery = aDelivery({ attempt: 4, lastStatusCode: 500, lastError: 'the receiver answered 500' });
    const { clock, queue, deliveries, run } = await setUp({ deliveries: [delivery] });
    clock.advance(MINUTE_MS);

    expect(await run()).toEqual({ steps: { enqueueDelivery: 1 }, failures: 0 });
    clock.advance(MINUTE_MS - 1);
    expect(await run()).toEqual({ steps: {}, failures: 0 });

    expect(queue.sent).toEqual([{ message: { deliveryId: delivery.id, attempt: 4 }, delaySeconds: 0 }]);
    const dueAt = new Date(clock.now().getTime() + 1).toISOString();
    expect(await deliveries.get(delivery.id)).toEqual({ ...delivery, dueAt });

    clock.advance(1);
    expect(await run()).toEqual({ steps: { enqueueDelivery: 1 }, failures: 0 });
  });

  test('that the notifier has just attempted are left alone', async () => {
    const { clock, queue, deliveries, run } = await setUp({ deliveries: [aDelivery()] });
    clock.advance(MINUTE_MS);
    vi.spyOn(deliveries, 'update').mockResolvedValueOnce(false);

    expect(await run()).toEqual({ steps: { none: 1 }, failures: 0 });

    expect(queue.sent).toEqual([]);
  });

  test.each([
    ['have ended', aDelivery({ status: 'delivered' })],
    ['got a later time', aDelivery({ attempt: 2, dueAt: '2030-01-01T00:00:00.000Z' })],
    ['got no time', aDelivery({ dueAt: null })],
  ])('that %s since the index was read are left alone', async (_, current) => {
    const { clock, queue, deliveries, run } = await setUp({ deliveries: [aDelivery()] });
    clock.advance(MINUTE_MS);
    vi.spyOn(deliveries, 'get').mockResolvedValueOnce(current);
    const update = vi.spyOn(deliveries, 'update').mockResolvedValue(true);

    expect(await run()).toEqual({ steps: { none: 1 }, failures: 0 });

    expect(update).not.toHaveBeenCalled();
    expect(queue.sent).toEqual([]);
  });
});

describe('a run', () => {
  test('goes on through the pages until nothing is due', async () => {
    const { clock, publisher, run } = await setUp({ jobs: manyJobs(25), batchPerShard: 10 });
    clock.advance(MINUTE_MS);

    expect(await run()).toEqual({ steps: { enqueue: 25 }, failures: 0 });

    expect(new Set(publisher.published.map(({ message }) => message.jobId)).size).toBe(25);
  });

  test('is not held up by items that fail, not even by a page full of them', async () => {
    const broken = manyJobs(10);
    const later = { createdAt: '2026-01-02T03:04:06.000Z' };
    const { clock, publisher, telemetry, run } = await setUp({
      jobs: [...broken, aJobRecord(later), aJobRecord(later)],
      batchPerShard: 5,
    });
    const ids = new Set(broken.map(({ id }) => id));
    const publish = publisher.publish.bind(publisher);
    vi.spyOn(publisher, 'publish').mockImplementation(async (message, traceparent) => {
      if (ids.has(message.jobId)) throw new Error('refused');
      await publish(message, traceparent);
    });
    clock.advance(MINUTE_MS);

    expect(await run()).toEqual({ steps: { enqueue: 2 }, failures: 10 });

    expect(telemetry.lines.filter(({ level }) => level === 'error')).toHaveLength(10);
    expect(Object.fromEntries(telemetry.counts)).toEqual({ JobEnqueuedAgain: 2, StepFailed: 10 });
  });

  test('takes a bounded number of steps at the same time', async () => {
    const { clock, publisher, run } = await setUp({ jobs: manyJobs(20), concurrency: 3 });
    let running = 0;
    let most = 0;
    vi.spyOn(publisher, 'publish').mockImplementation(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
    });
    clock.advance(MINUTE_MS);

    await run();

    expect(most).toBe(3);
  });

  test('takes no further item when its time is nearly over', async () => {
    const { clock, publisher, run } = await setUp({ jobs: manyJobs(20), concurrency: 1 });
    clock.advance(MINUTE_MS);
    const remainingMs = () => 6000 - publisher.published.length * 250;

    expect(await run(remainingMs)).toEqual({ steps: { enqueue: 4 }, failures: 0 });
    expect(await run()).toEqual({ steps: { enqueue: 16 }, failures: 0 });
  });

  test('reports an index that cannot be read', async () => {
    const { due, telemetry, run } = await setUp();
    vi.spyOn(due, 'listDue').mockRejectedValue(new Error('table is away'));

    expect(await run()).toEqual({ steps: {}, failures: 1 });

    expect(telemetry.lines.map(({ message }) => message)).toEqual(['task failed', 'run finished']);
  });
});
