import { deferred } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { aBench } from '../test/support/bench.ts';
import { paintsWhen } from '../test/support/fake-engine.ts';
import { pass, untilSettled } from '../test/support/fake-time.ts';
import { reconcile } from '../test/support/reconcile.ts';

const HOUR_MS = 3_600_000;

/** A job that runs on a worker whose wall clock is set while it works; the clock that nobody sets goes on. */
async function whileTheClockJumps(jumpMs: number) {
  const gate = deferred();
  const bench = aBench({ scripts: [paintsWhen(gate.promise)] });
  let offsetMs = 0;
  const now = () => new Date(bench.clock.now().getTime() + offsetMs);
  const processing = bench.process({ time: { ...bench.time, now } });
  await bench.engine.started.promise;
  await pass(bench.clock, 5000);
  offsetMs = jumpMs;
  await pass(bench.clock, 40_000, 500);
  return { bench, gate, processing };
}

describe('a wall clock that is set while a job runs', () => {
  it.each([
    ['ahead', HOUR_MS],
    ['back', -HOUR_MS],
  ])('%s by an hour loses no lease and ends no attempt', async (_, jumpMs) => {
    const { bench, gate, processing } = await whileTheClockJumps(jumpMs);

    expect((await bench.stored()).status).toBe('running');
    gate.resolve();

    expect(await untilSettled(bench.clock, processing)).toEqual({ kind: 'done' });
    expect(await bench.stored()).toMatchObject({ status: 'succeeded', attempt: 1 });
  });

  it('back by an hour, so that the lease looks lapsed to others: one of the two attempts alone is written', async () => {
    const { bench, gate, processing } = await whileTheClockJumps(-HOUR_MS);

    const { jobs, clock } = bench;
    await reconcile({ jobs, announce: async () => {}, enqueue: async () => {} }, await bench.stored(), clock.now());
    expect(await bench.stored()).toMatchObject({ status: 'queued', attempt: 2, losses: 1 });
    gate.resolve();

    expect((await untilSettled(clock, processing)).kind).toBe('abandon');
    expect(await bench.stored()).toMatchObject({ status: 'queued', attempt: 2, outputs: [] });
  });
});
