import type { JobStore } from '@afterimage/job-core';
import { cancel, makeAnnounce, makeEnqueue } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import { isTerminal } from '@afterimage/job-schemas';
import {
  aJobMessage,
  aJobRecord,
  FakeClock,
  InMemoryJobStore,
  InMemoryMessageQueue,
  InMemoryOutputStore,
  RecordingEventPublisher,
} from '@afterimage/testing';
import * as fc from 'fast-check';
import { EngineError } from '../../src/engines/engine-error.ts';
import { makeProcessJob } from '../../src/process-job.ts';
import { makeConsumeLoop } from '../../src/queue/consume-loop.ts';
import { MessageSource } from '../../src/queue/message-source.ts';
import { nextTurn } from '../../src/system-time.ts';
import { makeTell } from '../../src/tell.ts';
import { WorkerStatus } from '../../src/worker-status.ts';
import { LEASE } from './bench.ts';
import type { Script } from './fake-engine.ts';
import { FakeEngine, fails, paints } from './fake-engine.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { fakeTime, settle } from './fake-time.ts';
import type { Fate } from './faulty.ts';
import { withFates } from './faulty.ts';
import { reconcile } from './reconcile.ts';

/** What goes wrong in a play, each list in the order of the calls that it befalls, and what happens at which second. */
export interface Plot {
  readonly storeFates: readonly Fate[];
  readonly publishFails: readonly boolean[];
  readonly uploadFails: readonly boolean[];
  readonly engineFails: readonly boolean[];
  /** Messages with the same claim check. */
  readonly copies: number;
  readonly cancelAt: number | null;
  /** The whole process stands still for longer than a lease. */
  readonly stallAt: number | null;
  readonly drainAt: number | null;
}

const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>('made') },
  { weight: 1, arbitrary: fc.constantFrom<Fate>('lost', 'answer-lost') },
);
const at = fc.option(fc.integer({ min: 0, max: 40 }));

export const plots: fc.Arbitrary<Plot> = fc.record({
  storeFates: fc.array(fate, { maxLength: 60 }),
  publishFails: fc.array(fc.boolean(), { maxLength: 6 }),
  uploadFails: fc.array(fc.boolean(), { maxLength: 6 }),
  engineFails: fc.array(fc.boolean(), { maxLength: 4 }),
  copies: fc.integer({ min: 1, max: 4 }),
  cancelAt: at,
  stallAt: at,
  drainAt: at,
});

const API_URL = 'https://api.example.com';
const STALL_MS = 45_000;
const MAX_SECONDS = 4000;

/** Yields the elements one after the other, then undefined. */
function inTurn<T>(list: readonly T[]): () => T | undefined {
  let next = 0;
  return () => list[next++];
}

/** The services that two workers share, some of whose calls fail. */
function aWorld(plot: Plot) {
  const clock = new FakeClock();
  const job = aJobRecord();
  const store = new InMemoryJobStore([job]);
  const stored = new InMemoryOutputStore();
  const events = new RecordingEventPublisher();
  const queue = new InMemoryMessageQueue(clock);
  const [fateOf, publishFails, uploadFails] = [
    inTurn(plot.storeFates),
    inTurn(plot.publishFails),
    inTurn(plot.uploadFails),
  ];
  const publisher = {
    async publish(message: unknown) {
      if (publishFails() === true) throw new Error('the topic is away');
      queue.send(JSON.stringify(message));
    },
  };
  const outputs = Object.assign(new InMemoryOutputStore(), {
    async put(...upload: Parameters<typeof stored.put>) {
      if (uploadFails() === true) throw new Error('the bucket is away');
      await stored.put(...upload);
    },
  });
  const portsOn = (jobs: JobStore) => ({
    jobs,
    announce: makeAnnounce({ jobs, events, apiUrl: API_URL, now: clock.now }),
    enqueue: makeEnqueue({ jobs, publisher }),
  });
  const worker = portsOn(withFates(store, () => fateOf() ?? 'made'));
  return {
    clock,
    time: fakeTime(clock),
    job,
    store,
    stored,
    events,
    queue,
    outputs,
    worker,
    reconciler: portsOn(store),
  };
}

type World = ReturnType<typeof aWorld>;

/** An engine that takes eight seconds, unless it fails. */
function anEngine({ time }: World, engineFails: () => boolean | undefined): FakeEngine {
  const slowly: Script = async (job, run) => {
    for (let step = 0; step < 4; step++) {
      run.signal.throwIfAborted();
      run.onProgress({ phase: 'inferring', image: 1, images: 1, step, steps: 4 });
      await time.wait(2000, run.signal);
    }
    await paints(job, run);
  };
  const broken = fails(new EngineError('engine_error', 'broken', { isRetryable: true }));
  return new FakeEngine((...run) => (engineFails() === true ? broken(...run) : slowly(...run)));
}

function startWorker(world: World, workerId: string, engineFails: () => boolean | undefined) {
  const { clock, time, queue, outputs, worker } = world;
  const telemetry = fakeTelemetry();
  const shared = { time, random: () => 0.5, ...telemetry };
  const [stopping, drain] = [new AbortController(), new AbortController()];
  const queues = { interactive: queue, batch: new InMemoryMessageQueue(clock) };
  const source = new MessageSource({ queues, waitSeconds: 20, visibilitySeconds: 60, ...telemetry });
  let tokens = 0;
  const processJob = makeProcessJob({
    ...shared,
    ...worker,
    outputs,
    engine: anEngine(world, engineFails),
    encode: async ({ pixels, width, height }) => ({ data: pixels.data, contentType: 'image/png', width, height }),
    tell: makeTell({ announce: worker.announce, ...telemetry }),
    workerId,
    newToken: () => `${workerId}-${++tokens}`,
    lease: LEASE,
    fetchInputs: async () => new Map(),
    nextTurn,
    onActivity: () => () => undefined,
    onEngineLost: () => undefined,
  });
  const status = new WorkerStatus(time, 120_000);
  const consume = makeConsumeLoop({ ...shared, pool: 'local', source, processJob, status });
  const consuming = consume({ stopping: stopping.signal, drain: drain.signal });
  return async function stop() {
    stopping.abort();
    drain.abort();
    await source.close();
    await consuming;
  };
}

/** Two workers on one queue and the reconciler, until nothing has to be done for the job any more. */
export async function play(plot: Plot) {
  const world = aWorld(plot);
  const { clock, job, store, queue, reconciler } = world;
  const engineFails = inTurn(plot.engineFails);
  for (let i = 0; i < plot.copies; i++) queue.send(JSON.stringify(aJobMessage(job)));
  const stopFirst = startWorker(world, 'worker-1', engineFails);
  const stopSecond = startWorker(world, 'worker-2', engineFails);
  const ends = new Set<string>();
  let drained: Promise<void> | undefined;
  let current: JobRecord = job;

  for (let second = 0; second < MAX_SECONDS && (current.dueAt !== null || queue.size > 0); second++) {
    const now = clock.now();
    const change = second === plot.cancelAt ? cancel(current, now) : undefined;
    if (change !== undefined) await store.change(job.id, change);
    if (second === plot.drainAt) drained = stopFirst();
    if (second % 5 === 0) await reconcile(reconciler, current, now).catch(() => undefined);
    clock.advance(second === plot.stallAt ? STALL_MS : 1000);
    await settle();
    current = (await store.get(job.id)) ?? job;
    if (isTerminal(current.status)) ends.add(`${current.status}, version ${current.version}`);
  }
  await Promise.all([drained ?? stopFirst(), stopSecond()]);
  return { job: current, ends, objects: world.stored.objects, events: world.events.published, queue };
}
