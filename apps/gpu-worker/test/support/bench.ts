import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JobStore } from '@afterimage/job-core';
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
import type { ProcessJobPorts } from '../../src/process-job.ts';
import { makeProcessJob } from '../../src/process-job.ts';
import type { Outcome } from '../../src/queue/outcome.ts';
import { makeTell } from '../../src/tell.ts';
import type { Script } from './fake-engine.ts';
import { FakeEngine } from './fake-engine.ts';
import { fakeTime } from './fake-time.ts';
import { UNLIMITED_PLACES } from './unlimited-places.ts';

export const LEASE = {
  leaseSeconds: 30,
  heartbeatIntervalMs: 2000,
  visibilitySeconds: 60,
  visibilityIntervalMs: 20_000,
};

export interface BenchOptions {
  readonly job?: Partial<JobRecord>;
  readonly scripts?: readonly Script[];
  readonly store?: (store: JobStore) => JobStore;
}

/** A job in a queue and everything that a worker needs to process it, in memory. */
export function aBench({ job: overrides = {}, scripts = [], store = (same) => same }: BenchOptions = {}) {
  const clock = new FakeClock();
  const time = fakeTime(clock);
  const job = aJobRecord(overrides);
  const jobs = new InMemoryJobStore([job]);
  const queue = new InMemoryMessageQueue(clock);
  const outputs = new InMemoryOutputStore();
  const events = new RecordingEventPublisher();
  const publisher = new RecordingJobPublisher();
  const engine = new FakeEngine(...scripts);
  const telemetry = recordingTelemetry();
  const drain = new AbortController();
  const stopping = new AbortController();
  const signals = { stopping: stopping.signal, drain: drain.signal };
  const engineLost: unknown[] = [];
  let tokens = 0;

  function ports(changes: Partial<ProcessJobPorts> = {}): ProcessJobPorts {
    const seen = store(jobs);
    const announce = makeAnnounce({ jobs: seen, events, apiUrl: 'https://api.example.com', now: clock.now });
    return {
      jobs: seen,
      outputs,
      engine,
      encode: async ({ pixels, width, height }) => ({ data: pixels.data, contentType: 'image/png', width, height }),
      tell: makeTell({ announce, ...telemetry }),
      enqueue: makeEnqueue({ jobs: seen, publisher }),
      time,
      random: () => 0.5,
      log: telemetry.log,
      metrics: telemetry.metrics,
      workerId: 'worker-1',
      newToken: () => `token-${++tokens}`,
      lease: LEASE,
      fetchInputs: async () => new Map(),
      handOver: () => nextTurn(),
      onActivity: () => () => undefined,
      runningPlaces: UNLIMITED_PLACES,
      onEngineLost: (error) => engineLost.push(error),
      ...changes,
    };
  }

  /** Puts the job's claim check into the queue. */
  const send = () => queue.send(JSON.stringify(aJobMessage(job)));

  /** Takes a message as the worker does and processes it; the message is not settled. */
  async function process(changes: Partial<ProcessJobPorts> = {}): Promise<Outcome> {
    const [message] = await queue.receive({ max: 1, waitSeconds: 0, visibilitySeconds: 60, signal: drain.signal });
    if (message === undefined) throw new Error('the queue is empty');
    const { receiptHandle, receiveCount } = message;
    return await makeProcessJob(ports(changes))(
      aJobMessage(job),
      { queue, receiptHandle, receiveCount, traceparent: null },
      signals,
    );
  }

  async function stored(): Promise<JobRecord> {
    const record = await jobs.get(job.id);
    if (record === undefined) throw new Error('the job is gone');
    return record;
  }

  send();
  return {
    clock,
    time,
    job,
    jobs,
    queue,
    outputs,
    events,
    publisher,
    engine,
    telemetry,
    stopping,
    drain,
    engineLost,
    ports,
    send,
    process,
    stored,
  };
}
