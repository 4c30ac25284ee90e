import { describe, expect, it } from 'vitest';
import { WorkerStatus } from './worker-status.ts';

function aStatus() {
  let nowMs = 5000;
  const status = new WorkerStatus({ monotonicMs: () => nowMs }, 60_000);
  return { status, pass: (ms: number) => (nowMs += ms) };
}

describe('the status of a worker', () => {
  it('is ready only while it takes jobs', () => {
    const { status } = aStatus();
    const seen = (['polling', 'working', 'polling', 'draining', 'stopped'] as const).map((state) => {
      status.enter(state);
      return [state, status.ready().ok];
    });

    expect(seen).toEqual([
      ['polling', true],
      ['working', true],
      ['polling', true],
      ['draining', false],
      ['stopped', false],
    ]);
  });

  it('refuses a way back out of draining', () => {
    const { status } = aStatus();
    status.enter('draining');

    expect(() => status.enter('polling')).toThrow('cannot go from draining to polling');
    expect(status.state).toBe('draining');
  });

  it('is not live once it has failed', () => {
    const { status } = aStatus();
    expect(status.live().ok).toBe(true);

    status.enter('failed');

    expect(status.live().ok).toBe(false);
  });

  it('is not live when it polls but no round begins, while a long job is no reason', () => {
    const { status, pass } = aStatus();
    status.enter('polling');
    status.polled();
    pass(60_001);
    expect(status.live().ok).toBe(false);

    status.enter('working');

    expect(status.live().ok).toBe(true);
  });

  it('reports state, job and ages, and nothing else', () => {
    const { status, pass } = aStatus();
    status.enter('polling');
    status.polled();
    pass(1240);
    const end = status.begin({
      jobId: 'job_1',
      attempt: 2,
      model: 'sketch-1',
      stage: () => 'running',
      leaseAgeMs: () => 1560,
    });
    status.begin({ jobId: 'job_2', attempt: 1, model: 'sketch-1', stage: () => 'prefetched', leaseAgeMs: () => 40 });

    const next = { id: 'job_2', attempt: 1, model: 'sketch-1', stage: 'prefetched', leaseAgeSeconds: 0 };
    expect(status.report()).toEqual({
      ok: true,
      detail: {
        state: 'polling',
        isEngineLost: false,
        jobs: [{ id: 'job_1', attempt: 2, model: 'sketch-1', stage: 'running', leaseAgeSeconds: 1.6 }, next],
        lastPollAgeSeconds: 1.2,
      },
    });
    end();
    expect(status.report().detail).toMatchObject({ jobs: [next] });
  });

  it('has started once the engine was ready, and tells when the engine is lost', () => {
    const { status } = aStatus();
    expect([status.started().ok, status.engine().ok]).toEqual([false, true]);
    status.enter('polling');
    expect(status.started().ok).toBe(true);

    status.loseEngine();

    expect(status.engine().ok).toBe(false);
    expect(status.report().detail).toMatchObject({ isEngineLost: true });
  });
});
