import { EventEmitter } from 'node:events';
import { deferred, FakeClock, recordingTelemetry } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { FakeEngine } from '../test/support/fake-engine.ts';
import { fakeTime, pass, settle, untilSettled } from '../test/support/fake-time.ts';
import { aborted } from './abort.ts';
import type { ConsumeSignals } from './queue/consume-loop.ts';
import type { SpotHandlers } from './spot/watch-spot.ts';
import { makeWaitForEngine } from './wait-for-engine.ts';
import type { WorkerPorts } from './worker.ts';
import { makeWorker } from './worker.ts';
import { WorkerStatus } from './worker-status.ts';

function aWorker(consume: WorkerPorts['consume'], changes: Partial<WorkerPorts> = {}) {
  const clock = new FakeClock();
  const time = fakeTime(clock);
  const status = new WorkerStatus(time, 60_000);
  const engine = new FakeEngine();
  const engineLost = new AbortController();
  const drainRequested = new AbortController();
  const signals = new EventEmitter();
  const listeners = () => signals.listenerCount('SIGTERM') + signals.listenerCount('SIGINT');
  let isClosed = false;
  let spot: SpotHandlers | undefined;
  const source = {
    close: async () => {
      isClosed = true;
    },
  };
  const run = makeWorker({
    consume: async (given) => {
      if (!given.stopping.aborted) status.enter('polling');
      await consume(given);
    },
    source,
    waitForEngine: makeWaitForEngine({
      engine,
      time,
      random: () => 0,
      startSeconds: 60,
      onEngineLost: (error) => engineLost.abort(error),
      log: recordingTelemetry().log,
    }),
    watchSpot: async (handlers) => void (spot = handlers),
    engineLost: engineLost.signal,
    drainRequested: drainRequested.signal,
    status,
    time,
    drainSeconds: 90,
    log: recordingTelemetry().log,
    ...changes,
  });
  return {
    clock,
    status,
    engine,
    engineLost,
    drainRequested,
    signals,
    listeners,
    run,
    isClosed: () => isClosed,
    spot: () => spot,
  };
}

const idle = ({ stopping }: ConsumeSignals) => aborted(stopping);
/** Works on a job until it is finished or given back. */
const busy =
  (job: Promise<void>) =>
  async ({ drain }: ConsumeSignals) => {
    await Promise.race([job, aborted(drain)]);
  };

describe('a worker', () => {
  it('ends with 0 at the first signal when it is idle, and leaves no listener and no timer', async () => {
    const worker = aWorker(idle);
    const running = worker.run(worker.signals);
    await settle();
    expect(worker.listeners()).toBe(2);

    worker.signals.emit('SIGTERM', 'SIGTERM');

    expect(await running).toBe(0);
    expect(worker.status.state).toBe('stopped');
    expect(worker.isClosed()).toBe(true);
    expect(worker.listeners()).toBe(0);
    expect(worker.clock.pending).toBe(0);
  });

  it('lets the running job finish in the time to drain', async () => {
    const job = deferred();
    const drained: boolean[] = [];
    const worker = aWorker(async (given) => {
      await busy(job.promise)(given);
      drained.push(given.drain.aborted);
    });
    const running = worker.run(worker.signals);
    await settle();

    worker.signals.emit('SIGINT', 'SIGINT');
    await pass(worker.clock, 89_000, 1000);
    expect(worker.status.state).toBe('draining');
    job.resolve();

    expect(await running).toBe(0);
    expect(drained).toEqual([false]);
    expect(worker.clock.pending).toBe(0);
  });

  it('gives the running job back when the time to drain is over', async () => {
    const worker = aWorker(busy(new Promise(() => undefined)));
    const running = worker.run(worker.signals);
    await settle();

    worker.signals.emit('SIGTERM', 'SIGTERM');

    expect(await untilSettled(worker.clock, running, 90_100)).toBe(0);
    expect(worker.status.state).toBe('stopped');
  });

  it('gives the running job back at once at the second signal, and ends with 1', async () => {
    const worker = aWorker(busy(new Promise(() => undefined)));
    const running = worker.run(worker.signals);
    await settle();

    worker.signals.emit('SIGTERM', 'SIGTERM');
    worker.signals.emit('SIGTERM', 'SIGTERM');

    expect(await running).toBe(1);
    expect(worker.listeners()).toBe(0);
    expect(worker.clock.pending).toBe(0);
  });

  it('does not wait for ever for the job to be given back', async () => {
    const worker = aWorker(() => new Promise(() => undefined));
    const running = worker.run(worker.signals);
    await settle();

    worker.signals.emit('SIGTERM', 'SIGTERM');
    worker.signals.emit('SIGINT', 'SIGINT');

    expect(await untilSettled(worker.clock, running, 5100)).toBe(1);
  });

  it('waits for the engine before it takes a job', async () => {
    let isConsuming = false;
    const worker = aWorker(async (given) => {
      isConsuming = true;
      await idle(given);
    });
    worker.engine.isReady = false;
    const running = worker.run(worker.signals);
    await pass(worker.clock, 20_000);
    expect(isConsuming).toBe(false);
    expect(worker.status.ready()).toEqual({ ok: false });

    worker.engine.isReady = true;
    await pass(worker.clock, 6000);

    expect(isConsuming).toBe(true);
    worker.signals.emit('SIGTERM', 'SIGTERM');
    expect(await running).toBe(0);
  });

  it('can be stopped before the engine is ready', async () => {
    const worker = aWorker(idle);
    worker.engine.probe = () => Promise.reject(new Error('no engine'));
    const running = worker.run(worker.signals);
    await settle();

    worker.signals.emit('SIGTERM', 'SIGTERM');

    expect(await running).toBe(0);
  });

  it('fails when the engine is lost, once the job is settled', async () => {
    const settled = deferred();
    const worker = aWorker(() => settled.promise);
    const running = worker.run(worker.signals);
    await settle();

    worker.engineLost.abort(new Error('it does not reset'));
    await settle();
    expect(worker.status.state).toBe('draining');
    expect(worker.status.engine()).toEqual({ ok: false });
    settled.resolve();
    await settle();

    expect(worker.status.state).toBe('failed');
    expect(worker.status.live()).toEqual({ ok: false });
    expect(await untilSettled(worker.clock, running, 45_100)).toBe(1);
    expect(worker.listeners()).toBe(0);
  });

  it('shows a lost engine until it is told to stop, so that the engine can be restarted', async () => {
    const worker = aWorker(idle);
    const running = worker.run(worker.signals);
    await settle();

    worker.engineLost.abort(new Error('it hangs'));
    await pass(worker.clock, 30_000, 1000);
    expect(worker.status.state).toBe('failed');
    worker.signals.emit('SIGTERM', 'SIGTERM');

    expect(await running).toBe(1);
    expect(worker.clock.pending).toBe(0);
  });

  it('gives an engine up that is not ready in time', async () => {
    let isConsuming = false;
    const worker = aWorker(async ({ stopping }) => {
      isConsuming = !stopping.aborted;
    });
    worker.engine.probe = () => new Promise(() => undefined);
    const running = worker.run(worker.signals);

    expect(await untilSettled(worker.clock, running, 125_000)).toBe(1);
    expect(isConsuming).toBe(false);
    expect(worker.status.engine()).toEqual({ ok: false });
  });

  it.each([
    [100, 85_000],
    [500, 90_000],
    [10, 0],
  ])('drains at a Spot notice of %i s, for what the machine leaves of its time', async (secondsLeft, drainMs) => {
    const reasons: unknown[] = [];
    const worker = aWorker(async (given) => {
      await busy(new Promise(() => undefined))(given);
      reasons.push(given.drain.reason);
    });
    const running = worker.run(worker.signals);
    await settle();

    worker.spot()?.onNotice(secondsLeft);
    await pass(worker.clock, Math.max(0, drainMs - 1000), 1000);
    expect(reasons).toHaveLength(drainMs === 0 ? 1 : 0);

    expect(await untilSettled(worker.clock, running, 1100)).toBe(0);
    expect(reasons).toMatchObject([{ because: 'spot_interruption' }]);
  });

  it('drains at leisure at a recommendation to rebalance, until a notice comes', async () => {
    const reasons: unknown[] = [];
    const worker = aWorker(async (given) => {
      await busy(new Promise(() => undefined))(given);
      reasons.push(given.drain.reason);
    });
    const running = worker.run(worker.signals);
    await settle();

    worker.spot()?.onRebalance();
    await pass(worker.clock, 600_000, 10_000);
    expect(worker.status.state).toBe('draining');
    worker.spot()?.onNotice(45);

    expect(await untilSettled(worker.clock, running, 30_100)).toBe(0);
    expect(reasons).toMatchObject([{ because: 'spot_interruption' }]);
  });

  it('takes no more when an operator asks it to end, and finishes the job that it has', async () => {
    const job = Promise.withResolvers<void>();
    const worker = aWorker(busy(job.promise));
    const running = worker.run(worker.signals);
    await settle();

    worker.drainRequested.abort();
    await pass(worker.clock, 600_000, 10_000);
    expect(worker.status.state).toBe('draining');
    expect(worker.isClosed()).toBe(true);
    job.resolve();

    expect(await untilSettled(worker.clock, running, 100)).toBe(0);
    expect(worker.status.state).toBe('stopped');
  });

  it('leaves no more time than the earliest reason to stop', async () => {
    const worker = aWorker(busy(new Promise(() => undefined)));
    const running = worker.run(worker.signals);
    await settle();

    worker.spot()?.onNotice(35);
    worker.signals.emit('SIGTERM', 'SIGTERM');

    expect(await untilSettled(worker.clock, running, 20_100)).toBe(0);
  });

  it('fails when the loop fails', async () => {
    const worker = aWorker(() => Promise.reject(new TypeError('a bug')));

    expect(await worker.run(worker.signals)).toBe(1);
    expect(worker.status.state).toBe('failed');
    expect(worker.isClosed()).toBe(true);
    expect(worker.listeners()).toBe(0);
  });
});
