import { describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.ts';

const START = '2026-01-01T00:00:00.000Z';

describe('FakeClock', () => {
  it('stands still until it is moved', () => {
    const clock = new FakeClock(START);

    expect(clock.now()).toStrictEqual(new Date(START));
    clock.advance(1500);
    expect(clock.now()).toStrictEqual(new Date('2026-01-01T00:00:01.500Z'));
  });

  it('rings timers in their order, each at its own time, those they set included', () => {
    const clock = new FakeClock(START);
    const rung: [string, number][] = [];
    const ring = (name: string) => void rung.push([name, clock.now().getTime() - Date.parse(START)]);
    clock.schedule(30, () => ring('later'));
    clock.schedule(10, () => {
      ring('first');
      clock.schedule(5, () => ring('set by the first'));
    });
    clock.schedule(31, () => ring('too late'));

    clock.advance(30);

    expect(rung).toStrictEqual([
      ['first', 10],
      ['set by the first', 15],
      ['later', 30],
    ]);
    expect(clock.pending).toBe(1);
  });

  it('does not ring a timer that was called off', () => {
    const clock = new FakeClock(START);
    let hasRung = false;
    const cancel = clock.schedule(10, () => (hasRung = true));

    cancel();
    clock.advance(10);

    expect(hasRung).toBe(false);
  });
});
