import { TEST_EVENT } from '@afterimage/job-schemas';
import { aDelivery, anId, FakeClock, InMemoryTargetStore } from '@afterimage/testing';
import { describe, expect, test, vi } from 'vitest';
import { FAILURES_TO_OPEN, makeTargetGate, type Passage, SLOTS_PER_HOST } from './target-gate.ts';

const URL = 'https://hooks.example.com/a';

function aGate() {
  const clock = new FakeClock();
  const targets = new InMemoryTargetStore();
  let drawn = 0;
  const gate = makeTargetGate({
    targets,
    now: clock.now,
    random: () => drawn,
    sleep: async (milliseconds) => clock.advance(milliseconds),
  });
  const delivery = aDelivery({ endpointId: anId('whe'), url: URL });
  /** Seconds that an attempt is postponed by, when `random` is drawn. */
  async function secondsUntilNext(random: number): Promise<number> {
    drawn = random;
    const passage = await gate.enter(delivery, URL);
    return passage.kind === 'later' ? passage.seconds : 0;
  }
  return { clock, targets, gate, delivery, secondsUntilNext };
}

function entered(passage: Passage): Extract<Passage, { kind: 'enter' }> {
  if (passage.kind === 'enter') return passage;
  throw new Error(`postponed by ${passage.seconds} s`);
}

describe('the way to a receiver', () => {
  test('is closed after failures in a row, and those who wait come back one after the other', async () => {
    const { clock, gate, delivery, secondsUntilNext } = aGate();
    for (let count = 0; count < FAILURES_TO_OPEN; count++) {
      await gate.failed(delivery);
      clock.advance(15_000);
    }
    // It has been failing for a minute, 15 seconds of the next one are over.
    expect(await secondsUntilNext(0)).toBe(46);
    expect(await secondsUntilNext(0.5)).toBe(45 * 1.25 + 2);
    expect(await secondsUntilNext(0.999)).toBeCloseTo(45 * 1.5 + 3, 0);
  });

  test('is waited for the longer, the longer its slots have been taken', async () => {
    const { clock, gate, delivery, secondsUntilNext } = aGate();
    for (let count = 0; count < SLOTS_PER_HOST; count++) entered(await gate.enter(delivery, URL));

    clock.advance(1000);
    expect(await secondsUntilNext(0)).toBe(2);
    clock.advance(3000);
    expect(await secondsUntilNext(0)).toBe(8);
    expect(await secondsUntilNext(0.5)).toBe(16);
    clock.advance(2000);
    expect(await secondsUntilNext(0)).toBe(20);
  });
});

describe('a success', () => {
  test.each([
    ['of a receiver that has failed', 1, 'job.succeeded', 1],
    ['of a receiver that has not', 0, 'job.succeeded', 0],
    ['of a test, before which nobody looks', 0, TEST_EVENT, 1],
  ])('%s clears what failed %i times', async (_, failures, eventType, clears) => {
    const { targets, gate, delivery } = aGate();
    const clear = vi.spyOn(targets, 'clear');
    const health = vi.spyOn(targets, 'health');
    for (let count = 0; count < failures; count++) await gate.failed(delivery);
    const attempt = { ...delivery, eventType };

    const { mayHaveFailed } = entered(await gate.enter(attempt, URL));
    await gate.succeeded(attempt, mayHaveFailed);

    expect(clear).toHaveBeenCalledTimes(clears);
    expect(health).toHaveBeenCalledTimes(eventType === TEST_EVENT ? 0 : 1);
    expect(await targets.health(delivery.endpointId ?? '')).toMatchObject({ failures: 0 });
  });
});
