import { FakeClock, recordingTelemetry } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { fakeTime, pass } from '../test/support/fake-time.ts';
import { makeSampleBusy } from './sample-busy.ts';
import { WorkerStatus } from './worker-status.ts';

const job = { jobId: 'job_1', attempt: 1, model: 'm', stage: () => 'running' as const, leaseAgeMs: () => 0 };

describe('the busy share', () => {
  it('is the part of each minute with a job, once for jobs that overlap', async () => {
    const clock = new FakeClock();
    const time = fakeTime(clock);
    const status = new WorkerStatus(time, 60_000);
    const { metrics } = recordingTelemetry();
    const shares: number[] = [];
    const over = new AbortController();
    const sampling = makeSampleBusy({
      status,
      time,
      metrics: { ...metrics, gauge: (_name, value) => void shares.push(value) },
    })(over.signal);

    const first = status.begin(job);
    await pass(clock, 10_000);
    const second = status.begin(job);
    await pass(clock, 10_000);
    first();
    await pass(clock, 10_000);
    second();
    await pass(clock, 30_000);
    expect(shares).toEqual([50]);

    status.begin(job);
    await pass(clock, 60_000);
    expect(shares).toEqual([50, 100]);

    await pass(clock, 60_000);
    over.abort();
    await sampling;
    expect(shares).toEqual([50, 100, 100]);
    expect(clock.pending).toBe(0);
  });
});
