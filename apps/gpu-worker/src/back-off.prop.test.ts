import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOffMs } from './back-off.ts';

const BACK_OFF = { firstMs: 500, capMs: 30_000 };

describe('back-off', () => {
  it('doubles up to the cap', () => {
    expect([1, 2, 3, 7, 1000].map((errors) => backOffMs(errors, BACK_OFF, 1))).toEqual([
      500, 1000, 2000, 30_000, 30_000,
    ]);
  });

  it('is never less than half of it, and never above the cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (errors, random) => {
        const ms = backOffMs(errors, BACK_OFF, random);
        expect(ms).toBeGreaterThanOrEqual(backOffMs(errors, BACK_OFF, 1) / 2);
        expect(ms).toBeLessThanOrEqual(BACK_OFF.capMs);
      }),
    );
  });
});
