import { describe, expect, it } from 'vitest';
import { etagOf, noneMatch, preferredWait, waitMsWithin } from '../src/lambda/conditional.ts';

const preferring = (prefer: string | undefined) => ({
  header: (name: string) => (name === 'prefer' ? prefer : undefined),
});

describe('noneMatch', () => {
  it.each([
    [undefined, true],
    ['W/"7"', false],
    ['"7"', false],
    ['W/"6"', true],
    ['W/"6", W/"7"', false],
    ['*', false],
    ['W/"77"', true],
    ['7', true],
  ])('%s against version 7: %s', (header, expected) => {
    expect(noneMatch(header, etagOf({ version: 7 }))).toBe(expected);
  });
});

describe('preferredWait', () => {
  it.each([
    [undefined, undefined],
    ['respond-async', undefined],
    ['wait=1', 1],
    ['respond-async, wait=25', 25],
    ['wait="20"', 20],
    ['Wait = 10', 10],
    ['await=10', undefined],
  ])('%s is %s seconds', (prefer, seconds) => {
    expect(preferredWait(preferring(prefer))).toBe(seconds);
  });

  it.each(['wait=0', 'wait=26'])('%s is refused with its limit', (prefer) => {
    expect(() => preferredWait(preferring(prefer))).toThrow(expect.objectContaining({ code: 'validation-failed' }));
  });
});

describe('waitMsWithin', () => {
  it.each([
    [25, 29_000, 25_000],
    [25, 5000, 4000],
    [1, 5000, 1000],
  ])('%i s with %i ms left are %i ms', (seconds, leftMs, expected) => {
    expect(waitMsWithin({ getRemainingTimeInMillis: () => leftMs }, seconds)).toBe(expected);
  });
});
