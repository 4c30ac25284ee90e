import type { Priority } from '@afterimage/job-schemas';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_TURN, queueOrder, turnAfter } from './queue-choice.ts';

/** Which queues have work at each round; the queue that is taken from, or undefined. */
function take(rounds: readonly Readonly<Record<Priority, boolean>>[]): (Priority | undefined)[] {
  let turn = FIRST_TURN;
  return rounds.map((hasWork) => {
    const taken = queueOrder(turn).find((priority) => hasWork[priority]);
    if (taken !== undefined) turn = turnAfter(turn, taken);
    return taken;
  });
}

const rounds = fc.array(fc.record({ interactive: fc.boolean(), batch: fc.boolean() }), { maxLength: 200 });

describe('the choice of a queue', () => {
  it('takes batch exactly one time in ten while both have work', () => {
    const taken = take(Array.from({ length: 100 }, () => ({ interactive: true, batch: true })));

    expect(taken.filter((priority) => priority === 'batch')).toHaveLength(10);
    expect(taken[0]).toBe('interactive');
  });

  it('never passes batch over more than nine times in a row while it has work', () => {
    fc.assert(
      fc.property(rounds, (given) => {
        let passedOver = 0;
        for (const [index, taken] of take(given).entries()) {
          if (given[index]?.batch !== true || taken === 'batch') passedOver = 0;
          else passedOver += 1;
          expect(passedOver).toBeLessThanOrEqual(9);
        }
      }),
    );
  });

  it('never passes interactive over twice in a row while it has work', () => {
    fc.assert(
      fc.property(rounds, (given) => {
        const both = take(given.map(({ batch }) => ({ interactive: true, batch })));
        for (const [index, taken] of both.entries()) {
          expect(taken === 'batch' && both[index - 1] === 'batch').toBe(false);
        }
      }),
    );
  });

  it('always takes something when there is something', () => {
    fc.assert(
      fc.property(rounds, (given) => {
        for (const [index, taken] of take(given).entries()) {
          const hasWork = given[index];
          expect(taken === undefined).toBe(hasWork?.interactive === false && hasWork.batch === false);
        }
      }),
    );
  });
});
