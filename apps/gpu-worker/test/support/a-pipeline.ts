import { setImmediate as nextTurn } from 'node:timers/promises';
import { makeAnnounce, makeEnqueue } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import {
  aJobMessage,
  aJobRecord,
  FakeClock,
  InMemoryJobStore,
  InMemoryMessageQueue,
  InMemoryOutputStore,
  RecordingEventPublisher,
  RecordingJobPublisher,
  recordingTelemetry,
} from '@afterimage/testing';
import type { Activity, ProcessJobPorts } from '../../src/process-job.ts';
import { makeProcessJob } from '../../src/process-job.ts';
import { makeConsumeLoop } from '../../src/queue/consume-loop.ts';
import { MessageSource } from '../../src/queue/message-source.ts';
import { makeTell } from '../../src/tell.ts';
import { WorkerStatus } from '../../src/worker-status.ts';
import { LEASE } from './bench.ts';
import type { FakeEngine } from './fake-engine.ts';
import { fakeTime } from './fake-time.ts';
import { UNLIMITED_PLACES } from './unlimited-places.ts';

/** A worker with a queue of jobs, in memory, from receive to delete. */
export function aPipeline(count: number, engine: FakeEngine, changes: Partial<ProcessJobPorts> = {}) {
  const clock = new FakeClock();
  const time = fakeTime(clock);
  const jobs = Array.from({ length: count }, () => aJobRecord());
  const store = new InMemoryJobStore(jobs);
  const queue = new InMemoryMessageQueue(clock);
  const publisher = new RecordingJobPublisher();
  const telemetry = recordingTelemetry();
  const [stopping, drain] = [new AbortController(), new AbortController()];
  const source = new MessageSource({
    queues: { interactive: queue, batch: new InMemoryMessageQueue(clock) },
    waitSeconds: 20,
    visibilitySeconds: 60,
    ...telemetry,
  });
  const announce = makeAnnounce({
    jobs: store,
    events: new RecordingEventPublisher(),
    apiUrl: 'https://api.example.com',
    now: clock.now,
  });
  const activities = new Set<Activity>();
  let tokens = 0;
  const shared = { time, random: () => 0.5, ...telemetry };
  const processJob = makeProcessJob({
    ...shared,
    jobs: store,
    outputs: new InMemoryOutputStore(),
    engine,
    encode: async ({ pixels, width, height }) => ({ data: pixels.data, contentType: 'image/png', width, height }),
    fetchInputs: async () => new Map(),
    handOver: () => nextTurn(),
    tell: makeTell({ announce, ...telemetry }),
    enqueue: makeEnqueue({ jobs: store, publisher }),
    workerId: 'worker-1',
    newToken: () => `token-${++tokens}`,
    lease: LEASE,
    onActivity(activity) {
      activities.add(activity);
      return () => void activities.delete(activity);
    },
    runningPlaces: UNLIMITED_PLACES,
    onEngineLost: () => stopping.abort(),
    ...changes,
  });
  const status = new WorkerStatus(time, 120_000);
  const consume = makeConsumeLoop({ ...shared, pool: 'local', source, processJob, status });
  for (const job of jobs) queue.send(JSON.stringify(aJobMessage(job)));
  const consuming = consume({ stopping: stopping.signal, drain: drain.signal });

  async function stored(index: number): Promise<JobRecord> {
    const job = await store.get(jobs[index]?.id ?? '');
    if (job === undefined) throw new Error(`there is no job ${index}`);
    return job;
  }

  return {
    clock,
    jobs,
    store,
    queue,
    publisher,
    drain,
    stored,
    /** What the worker does with each of its jobs, in the order of their claims. */
    stages: () => [...activities].map(({ jobId, stage }) => [jobs.findIndex(({ id }) => id === jobId), stage()]),
    statuses: async () => Promise.all(jobs.map(async (_, index) => (await stored(index)).status)),
    async stop(): Promise<void> {
      stopping.abort();
      await source.close();
      await consuming;
    },
  };
}
