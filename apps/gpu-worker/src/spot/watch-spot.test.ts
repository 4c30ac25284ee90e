import { FakeClock, recordingTelemetry } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { fakeTime, pass } from '../../test/support/fake-time.ts';
import type { SpotState } from './imds-client.ts';
import { makeWatchSpot } from './watch-spot.ts';

const NOTHING: SpotState = { takenBackAt: undefined, rebalanceAt: undefined };

function aWatch(spotState: (clock: FakeClock) => Promise<SpotState>) {
  const clock = new FakeClock();
  const { log, lines, metrics, counts } = recordingTelemetry();
  const over = new AbortController();
  const told: (number | 'rebalance')[] = [];
  let looks = 0;
  const imds = {
    spotState() {
      looks += 1;
      return spotState(clock);
    },
  };
  const watching = makeWatchSpot({ imds, time: fakeTime(clock), log, metrics })(
    { onNotice: (secondsLeft) => told.push(secondsLeft), onRebalance: () => told.push('rebalance') },
    over.signal,
  );
  return { clock, told, lines, counts, over, watching, looks: () => looks };
}

describe('the watch for Spot notices', () => {
  it('looks every five seconds until it is over, and leaves no timer', async () => {
    const watch = aWatch(async () => NOTHING);
    await pass(watch.clock, 60_000, 1000);

    expect(watch.looks()).toBe(13);
    watch.over.abort();
    await watch.watching;
    expect(watch.clock.pending).toBe(0);
    expect(watch.told).toEqual([]);
  });

  it('tells of a notice once, with the seconds that are left, and is over', async () => {
    let state = NOTHING;
    const watch = aWatch(async () => state);
    await pass(watch.clock, 4000);
    state = { ...NOTHING, takenBackAt: new Date(watch.clock.now().getTime() + 121_000) };

    await pass(watch.clock, 1000);
    await watch.watching;

    expect(watch.told).toEqual([120]);
    expect(watch.counts.get('WorkerSpotNotices')).toBe(1);
  });

  it('tells of a recommendation once, and of the notice after it', async () => {
    let state = NOTHING;
    const watch = aWatch(async () => state);
    await pass(watch.clock, 1000);
    state = { ...NOTHING, rebalanceAt: watch.clock.now() };
    await pass(watch.clock, 20_000);
    expect(watch.told).toEqual(['rebalance']);

    state = { ...state, takenBackAt: watch.clock.now() };
    await pass(watch.clock, 5000);

    expect(watch.told).toHaveLength(2);
  });

  it('passes over a recommendation from before it began', async () => {
    const watch = aWatch(async (clock) => ({ ...NOTHING, rebalanceAt: new Date(clock.now().getTime() - 3_600_000) }));

    await pass(watch.clock, 20_000);

    expect(watch.told).toEqual([]);
  });

  it('goes on when the service is away, and says so once for each outage', async () => {
    let isAway = true;
    const watch = aWatch(async () => {
      if (isAway) throw new Error('no route');
      return NOTHING;
    });
    await pass(watch.clock, 30_000);
    isAway = false;
    await pass(watch.clock, 10_000);
    isAway = true;
    await pass(watch.clock, 10_000);

    expect(watch.lines.map(({ message }) => message)).toEqual([
      'spot notices not looked for',
      'spot notices not looked for',
    ]);
    expect(watch.looks()).toBeGreaterThanOrEqual(10);
  });
});
