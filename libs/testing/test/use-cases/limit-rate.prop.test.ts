import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { FakeClock, InMemoryRateStore } from '../../src/index.ts';
import { makeLimitRate } from '@afterimage/job-core';

/** What `limit-rate.ts` states: the share of a window that may be in vain when it is used up. */
function statedShare(processes: number): number {
  return 0.015 * Array.from({ length: processes }, (_, i) => 1 / (i + 1)).reduce((sum, each) => sum + each, 0);
}

it('many processes together are never over the limit, and under it by the stated share at most', async () => {
  const scenario = fc.record({
    limit: fc.integer({ min: 1, max: 4000 }),
    processes: fc.integer({ min: 1, max: 100 }),
    // Which process gets the next request: some get most of them, some next to none.
    turns: fc.array(fc.nat(), { minLength: 1, maxLength: 200 }),
    batch: fc.integer({ min: 1, max: 30 }),
  });
  const property = fc.asyncProperty(scenario, async ({ limit, processes, turns, batch }) => {
    const rates = new InMemoryRateStore();
    const { now } = new FakeClock();
    const all = Array.from({ length: processes }, () => makeLimitRate({ rates, now, onUnavailable: () => undefined }));
    let allowed = 0;
    let refused = 0;
    for (let sent = 0, turn = 0; sent < limit * 2; turn += 1) {
      const limitRate = all[(turns[turn % turns.length] ?? 0) % processes];
      const together = Array.from({ length: batch }, () => limitRate?.({ tenantId: 't', policy: 'p', limit }));
      for (const decision of await Promise.all(together)) {
        if (decision?.isAllowed === true) allowed += 1;
        else refused += 1;
      }
      sent += batch;
    }

    expect(allowed).toBeLessThanOrEqual(limit);
    expect(refused).toBeGreaterThan(0);
    expect(allowed).toBeGreaterThanOrEqual(Math.floor(limit * (1 - statedShare(processes))));
  });
  await fc.assert(property, { numRuns: 60 });
});
