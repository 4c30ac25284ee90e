import { describe, expect, it } from 'vitest';
import { settle } from '../test/support/fake-time.ts';
import type { EngineTurn } from './engine-slot.ts';
import { EngineSlot } from './engine-slot.ts';

const NEVER = new AbortController().signal;

/** Takes a turn and tells when it has it. */
function take(slot: EngineSlot, signal: AbortSignal = NEVER) {
  const seen: { turn?: EngineTurn; error?: unknown } = {};
  void slot.take(signal).then(
    (turn) => (seen.turn = turn),
    (error: unknown) => (seen.error = error),
  );
  return seen;
}

describe('the slot of the engine', () => {
  it('lets one job on at a time, in the order in which they came', async () => {
    const slot = new EngineSlot(9);
    const [first, second, third] = [take(slot), take(slot), take(slot)];
    await settle();
    expect([first.turn, second.turn, third.turn].map(Boolean)).toEqual([true, false, false]);

    first.turn?.release();
    first.turn?.release();
    await settle();

    expect(first.turn?.isOver).toBe(true);
    expect([second.turn, third.turn].map(Boolean)).toEqual([true, false]);
  });

  it('lets nobody on while too many are aboard', async () => {
    const slot = new EngineSlot(2);
    const [first, second, third] = [take(slot), take(slot), take(slot)];
    await settle();
    first.turn?.release();
    await settle();
    second.turn?.release();
    await settle();
    expect(third.turn).toBeUndefined();

    first.turn?.leave();
    await settle();

    expect(third.turn).toBeDefined();
  });

  it('forgets a job that does not wait any more, and does not let it on', async () => {
    const slot = new EngineSlot(9);
    const leaving = new AbortController();
    const [first, second, third] = [take(slot), take(slot, leaving.signal), take(slot)];
    await settle();

    const reason = new Error('it drains');
    leaving.abort(reason);
    first.turn?.release();
    await settle();

    expect(second).toEqual({ error: reason });
    expect(third.turn).toBeDefined();
    expect(take(slot, leaving.signal).turn).toBeUndefined();
  });
});
