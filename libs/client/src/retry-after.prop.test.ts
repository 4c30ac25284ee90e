import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

/** Times that an HTTP date can write: whole seconds of years with four digits. */
const seconds = fc.integer({ min: Date.parse('1970-01-01') / 1000, max: Date.parse('9999-01-01') / 1000 });

test('whole seconds are what they say', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10 ** 9 }), fc.integer(), (delay, nowMs) => {
      expect(parseRetryAfter(String(delay), nowMs)).toBe(delay * 1000);
    }),
  );
});

test('a date is the time until then, and none once it has passed', () => {
  fc.assert(
    fc.property(seconds, seconds, (at, now) => {
      const value = new Date(at * 1000).toUTCString();
      expect(parseRetryAfter(value, now * 1000)).toBe(Math.max(0, at - now) * 1000);
    }),
  );
});

test('no header makes it throw or wait for less than nothing', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer(), (value, nowMs) => {
      const delay = parseRetryAfter(value, nowMs);
      expect(delay === undefined || delay >= 0).toBe(true);
    }),
  );
});
