import { setImmediate as nextTurn } from 'node:timers/promises';
import { makeAnnounce, makeEnqueue, makeTakePlaces } from '@afterimage/job-core';
import type { JobRecord, Priority } from '@afterimage/job-schemas';
import {
  aJobMessage,
  FakeClock,
  InMemoryJobPlaces,
  InMemoryJobStore,
  InMemoryMessageQueue,
  InMemoryOutputStore,
  RecordingEventPublisher,
  RecordingJobPublisher,
  recordingTelemetry,
} from '@afterimage/testing';
import { DrainError } from '../../src/interruptions.ts';
import { makeProcessJob } from '../../src/process-job.ts';
import { makeConsumeLoop } from '../../src/queue/consume-loop.ts';
import { MessageSource } from '../../src/queue/message-source.ts';
import { makeTell } from '../../src/tell.ts';
import { RunningPlaces } from '../../src/running-places.ts';
import { WorkerStatus } from '../../src/worker-status.ts';
import { LEASE } from './bench.ts';
import { FakeEngine, paintsWhen, type Script } from './fake-engine.ts';
import { fakeTime, untilSettled } from './fake-time.ts';

export interface FleetOptions {
  readonly workers: number;
  /** Time that a job has the engine. */
  readonly jobMs: number;
  /** Jobs that a tenant may have running; no limit unless given. */
  readonly runningJobs?: number;
}

/** Workers on the same queues and store, in memory. */
export function aFleet({ workers, jobMs, runningJobs: limit = 1000 }: FleetOptions) {
  const clock = new FakeClock();
  const time = fakeTime(clock);
  const store = new InMemoryJobStore();
  const places = new InMemoryJobPlaces(store);
  const queues = { interactive: new InMemoryMessageQueue(clock), batch: new InMemoryMessageQueue(clock) };
  const events = new RecordingEventPublisher();
  const announce = makeAnnounce({ jobs: store, events, apiUrl: 'https://api.example.com', now: clock.now });
  const [stopping, drain] = [new AbortController(), new AbortController()];
  /** In the order in which they got an engine. */
  const started: string[] = [];

  const takesTime: Script = async (job, run) => {
    started.push(job.jobId);
    await paintsWhen(new Promise((resolve) => void clock.schedule(jobMs, resolve)))(job, run);
  };

  function startWorker(index: number) {
    const telemetry = recordingTelemetry();
    const source = new MessageSource({ queues, waitSeconds: 20, visibilitySeconds: 60, ...telemetry });
    const runningPlaces = new RunningPlaces({
      takePlaces: makeTakePlaces({ places, now: clock.now }),
      places,
      limitOfTenant: async () => limit,
      time,
      ...telemetry,
    });
    const shared = { time, random: () => 0.5, ...telemetry };
    let tokens = 0;
    const processJob = makeProcessJob({
      ...shared,
      jobs: store,
      outputs: new InMemoryOutputStore(),
      engine: new FakeEngine(takesTime),
      encode: async ({ pixels, width, height }) => ({ data: pixels.data, contentType: 'image/png', width, height }),
      fetchInputs: async () => new Map(),
      handOver: () => nextTurn(),
      tell: makeTell({ announce, ...telemetry }),
      enqueue: makeEnqueue({ jobs: store, publisher: new RecordingJobPublisher() }),
      workerId: `worker-${index}`,
      newToken: () => `token-${index}-${++tokens}`,
      lease: LEASE,
      runningPlaces,
      onActivity: () => () => undefined,
      onEngineLost: () => stopping.abort(),
    });
    const status = new WorkerStatus(time, 120_000);
    const consume = makeConsumeLoop({ ...shared, pool: 'local', source, processJob, status });
    const consuming = consume({ stopping: stopping.signal, drain: drain.signal });
    return async () => {
      await source.close();
      await consuming;
      await runningPlaces.close();
    };
  }

  const stops = Array.from({ length: workers }, (_, index) => startWorker(index + 1));

  return {
    clock,
    store,
    places,
    queues,
    started,
    async submit(job: JobRecord, priority: Priority = job.policy.priority): Promise<JobRecord> {
      await store.create(job);
      queues[priority].send(JSON.stringify(aJobMessage(job)));
      return job;
    },
    /** How many jobs of a tenant have this status. */
    count: (tenantId: string, status: JobRecord['status']) =>
      store.all().filter((job) => job.tenantId === tenantId && job.status === status).length,
    async stop(): Promise<void> {
      stopping.abort();
      drain.abort(new DrainError('the test is over'));
      await untilSettled(clock, Promise.all(stops.map((stop) => stop())));
    },
  };
}
