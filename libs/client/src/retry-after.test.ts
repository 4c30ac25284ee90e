import { expect, test } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const NOW_MS = Date.parse('2026-01-02T03:04:05Z');

test.each([
  ['0', 0],
  ['12', 12_000],
  [' 2 ', 2000],
  ['Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
  ['Fri, 02 Jan 2026 03:04:00 GMT', 0],
  [null, undefined],
  ['', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
])('Retry-After %j asks for %j ms', (value, expected) => {
  expect(parseRetryAfter(value, NOW_MS)).toBe(expected);
});
