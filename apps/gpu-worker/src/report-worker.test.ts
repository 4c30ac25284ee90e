import { describe, expect, it, vi } from 'vitest';
import { DependencyUnavailableError } from '@afterimage/job-core';
import { FakeClock, InMemoryWorkerRegistry, recordingTelemetry } from '@afterimage/testing';
import { fakeTime, pass } from '../test/support/fake-time.ts';
import { makeReportWorker } from './report-worker.ts';
import { WorkerStatus } from './worker-status.ts';

function setUp() {
  const clock = new FakeClock();
  const time = fakeTime(clock);
  const { log, lines } = recordingTelemetry();
  const registry = new InMemoryWorkerRegistry();
  const status = new WorkerStatus(time, 120_000);
  const over = new AbortController();
  const onDrain = vi.fn<() => void>();
  const ports = { registry, status, onDrain, time, log, workerId: 'worker-1', pool: 'local', engine: 'sketch' };
  const seen = async () => (await registry.listByPool('local', '')).at(0);
  return { clock, lines, ports, onDrain, registry, seen, status, over };
}

describe('the report of a worker', () => {
  it('is made every twenty seconds, and at the end', async () => {
    const { clock, ports, registry, seen, status, over } = setUp();
    const reporting = makeReportWorker(ports)(over.signal);

    await pass(clock, 59_000);
    expect(registry.reports).toBe(3);
    status.enter('draining');
    status.enter('stopped');
    over.abort();
    await reporting;

    expect(registry.reports).toBe(4);
    expect(await seen()).toMatchObject({ state: 'stopped', seenAt: clock.now().toISOString() });
  });

  it('tells what the worker does: its jobs, its model, and that its machine is taken back', async () => {
    const { clock, ports, seen, status, over } = setUp();
    const onOver = status.begin({
      jobId: 'job_1',
      attempt: 2,
      model: 'sketch-1',
      stage: () => 'running',
      leaseAgeMs: () => 1500,
    });
    status.expectSpotEnd();
    const reporting = makeReportWorker(ports)(over.signal);
    await pass(clock, 100);

    expect(await seen()).toMatchObject({
      state: 'starting',
      model: 'sketch-1',
      jobs: [{ jobId: 'job_1', attempt: 2, leaseAgeMs: 1500 }],
      hasSpotNotice: true,
    });
    onOver();
    await pass(clock, 20_000);

    expect(await seen()).toMatchObject({ model: 'sketch-1', jobs: [] });
    over.abort();
    await reporting;
  });

  it('brings back that an operator wants the worker to end', async () => {
    const { clock, ports, registry, onDrain, seen, over } = setUp();
    const reporting = makeReportWorker(ports)(over.signal);
    await pass(clock, 100);
    expect(onDrain).not.toHaveBeenCalled();

    const worker = await seen();
    if (worker !== undefined) await registry.requestDrain(worker);
    await pass(clock, 20_000);

    expect(onDrain).toHaveBeenCalledTimes(1);
    over.abort();
    await reporting;
  });

  it('goes on after an outage, of which it logs one line', async () => {
    const { clock, lines, ports, over } = setUp();
    let calls = 0;
    const registry = {
      report: () => {
        calls += 1;
        return Promise.reject(new DependencyUnavailableError('throttled'));
      },
    };
    const reporting = makeReportWorker({ ...ports, registry })(over.signal);

    await pass(clock, 45_000);
    over.abort();
    await reporting;

    expect(calls).toBe(4);
    expect(lines.map(({ message }) => message)).toEqual(['worker not reported']);
  });
});
