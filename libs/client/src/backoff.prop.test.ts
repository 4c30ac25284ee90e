import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BACKOFF, retryDelayMs } from './backoff.ts';

const retry = fc.integer({ min: 1, max: 2000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const retryAfter = fc.integer({ min: 0, max: BACKOFF.maxRetryAfterMs });

test('jitter covers all from no pause to the limit, which doubles with each retry', () => {
  fc.assert(
    fc.property(retry, random, (count, chance) => {
      const limit = Math.min(BACKOFF.maxDelayMs, BACKOFF.baseDelayMs * 2 ** (count - 1));
      expect(retryDelayMs(count, undefined, chance)).toBe(chance * limit);
    }),
  );
});

test('a pause is never shorter than the server asks for, nor longer than both limits', () => {
  fc.assert(
    fc.property(retry, retryAfter, random, (count, asked, chance) => {
      const delay = retryDelayMs(count, asked, chance);
      expect(delay).toBeGreaterThanOrEqual(asked);
      expect(delay).toBeLessThanOrEqual(Math.max(asked, BACKOFF.maxDelayMs));
    }),
  );
});

test('a server that asks for too long a pause is not waited for', () => {
  fc.assert(
    fc.property(retry, fc.integer({ min: BACKOFF.maxRetryAfterMs + 1 }), random, (count, asked, chance) => {
      expect(retryDelayMs(count, asked, chance)).toBeUndefined();
    }),
  );
});
