import { setImmediate as nextTurn } from 'node:timers/promises';
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
  recordingTelemetry,
} from '@afterimage/testing';
import * as fc from 'fast-check';
import { EngineError, EngineUnusableError } from '../../src/engines/engine-error.ts';
import { makeProcessJob } from '../../src/process-job.ts';
import { makeConsumeLoop } from '../../src/queue/consume-loop.ts';
import { MessageSource } from '../../src/queue/message-source.ts';
import { makeTell } from '../../src/tell.ts';
import { WorkerStatus } from '../../src/worker-status.ts';
import { LEASE } from './bench.ts';
import type { Script } from './fake-engine.ts';
import { FakeEngine, fails, paints } from './fake-engine.ts';
import { fakeTime, settle } from './fake-time.ts';
import type { Fate } from './faulty.ts';
import { withFates } from './faulty.ts';
import { reconcile } from './reconcile.ts';
import { UNLIMITED_PLACES } from './unlimited-places.ts';

/** What the engine does with a job. */
export type EngineFate = 'works' | 'fails' | 'lost';

/** What goes wrong in a play, each list in the order of the calls that it befalls, and what happens at which second. */
export interface Plot {
  readonly storeFates: readonly Fate[];
  readonly publishFails: readonly boolean[];
  readonly uploadFails: readonly boolean[];
  /** `lost`: the engine becomes unusable, and its worker takes no further job. */
  readonly engineFails: readonly EngineFate[];
  readonly jobs: number;
  /** Messages with the same claim check, of the first job. */
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
  engineFails: fc.array(fc.constantFrom<EngineFate>('works', 'works', 'fails', 'lost'), { maxLength: 6 }),
  jobs: fc.integer({ min: 1, max: 4 }),
  copies: fc.integer({ min: 1, max: 4 }),
  cancelAt: at,
  stallAt: at,
  drainAt: at,
});

const API_URL = 'https://api.example.com';
const STALL_MS = 45_000;
const MAX_SECONDS = 4000;
const RESTART_SECONDS = 200;

/** Yields the elements one after the other, then undefined. */
function inTurn<T>(list: readonly T[]): () => T | undefined {
  let next = 0;
  return () => list[next++];
}

/** The services that two workers share, some of whose calls fail. */
function aWorld(plot: Plot) {
  const clock = new FakeClock();
  const jobs = Array.from({ length: plot.jobs }, () => aJobRecord());
  const store = new InMemoryJobStore(jobs);
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
    jobs,
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
function anEngine({ time }: World, fateOf: () => EngineFate | undefined): FakeEngine {
  const slowly: Script = async (job, run) => {
    for (let step = 0; step < 4; step++) {
      run.signal.throwIfAborted();
      run.onProgress({ phase: 'inferring', image: 1, images: 1, step, steps: 4 });
      await time.wait(2000, run.signal);
    }
    await paints(job, run);
  };
  const broken = fails(new EngineError('engine_error', 'broken', { isRetryable: true }));
  const lost = fails(new EngineUnusableError('gone'));
  const scripts = { works: slowly, fails: broken, lost };
  return new FakeEngine((...run) => scripts[fateOf() ?? 'works'](...run));
}

function startWorker(world: World, workerId: string, fateOf: () => EngineFate | undefined) {
  const { clock, time, queue, outputs, worker } = world;
  const telemetry = recordingTelemetry();
  const shared = { time, random: () => 0.5, ...telemetry };
  const [stopping, drain] = [new AbortController(), new AbortController()];
  const queues = { interactive: queue, batch: new InMemoryMessageQueue(clock) };
  const source = new MessageSource({ queues, waitSeconds: 20, visibilitySeconds: 60, ...telemetry });
  let tokens = 0;
  const processJob = makeProcessJob({
    ...shared,
    ...worker,
    outputs,
    engine: anEngine(world, fateOf),
    encode: async ({ pixels, width, height }) => ({ data: pixels.data, contentType: 'image/png', width, height }),
    tell: makeTell({ announce: worker.announce, ...telemetry }),
    workerId,
    newToken: () => `${workerId}-${++tokens}`,
    lease: LEASE,
    fetchInputs: async () => new Map(),
    handOver: () => nextTurn(),
    onActivity: () => () => undefined,
    runningPlaces: UNLIMITED_PLACES,
    onEngineLost: () => stopping.abort(),
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

/** How a job of a play ended. `ends` has one entry for each terminal state that was ever seen of it. */
export interface Played {
  readonly job: JobRecord;
  readonly ends: ReadonlySet<string>;
}

/**
 * Two workers on one queue and the reconciler, until nothing has to be done for any job any more. A worker that lost its
 * engine is started again after a while, as its pod is.
 */
export async function play(plot: Plot) {
  const world = aWorld(plot);
  const { clock, jobs, store, queue, reconciler } = world;
  const [first] = jobs;
  const fateOf = inTurn(plot.engineFails);
  for (const job of jobs) queue.send(JSON.stringify(aJobMessage(job)));
  for (let i = 1; i < plot.copies; i++) queue.send(JSON.stringify(aJobMessage(first)));
  const workers = ['worker-1', 'worker-2'].map((id) => startWorker(world, id, fateOf));
  const ends = new Map(jobs.map(({ id }) => [id, new Set<string>()]));
  const stops: Promise<void>[] = [];
  let current = store.all();
  const isOver = () => queue.size === 0 && current.every(({ dueAt }) => dueAt === null);

  for (let second = 0; second < MAX_SECONDS && !isOver(); second++) {
    const now = clock.now();
    const target = current[0];
    const change = second === plot.cancelAt && target !== undefined ? cancel(target, now) : undefined;
    if (change !== undefined && target !== undefined) await store.change(target.id, change);
    if (second === plot.drainAt) stops.push(workers[0]?.() ?? Promise.resolve());
    if (second % RESTART_SECONDS === RESTART_SECONDS - 1) workers.push(startWorker(world, `worker-${second}`, fateOf));
    if (second % 5 === 0) {
      for (const job of current) await reconcile(reconciler, job, now).catch(() => undefined);
    }
    clock.advance(second === plot.stallAt ? STALL_MS : 1000);
    await settle();
    current = store.all();
    for (const { id, status, version } of current) {
      if (isTerminal(status)) ends.get(id)?.add(`${status}, version ${version}`);
    }
  }
  await Promise.all([...stops, ...workers.map((stop) => stop())]);
  const played = current.map((job): Played => ({ job, ends: ends.get(job.id) ?? new Set() }));
  return { jobs: played, objects: world.stored.objects, events: world.events.published, queue };
}
