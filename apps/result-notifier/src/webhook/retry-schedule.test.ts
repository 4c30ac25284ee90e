import { describe, expect, test } from 'vitest';
import { retryAfterSeconds, RETRY_SCHEDULE_SECONDS, secondsUntilRetry } from './retry-schedule.ts';

const now = new Date('2026-10-21T07:28:00.000Z');

describe('secondsUntilRetry', () => {
  const failed = { attempt: 1, retryAfter: null, now, random: 0.5 };

  test('follows the schedule to its end', () => {
    const waits = RETRY_SCHEDULE_SECONDS.map((_, index) => secondsUntilRetry({ ...failed, attempt: index + 1 }));

    expect(waits).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, undefined]);
  });

  test('spreads each wait by a tenth in both directions', () => {
    expect(secondsUntilRetry({ ...failed, attempt: 2, random: 0 })).toBeCloseTo(270);
    expect(secondsUntilRetry({ ...failed, attempt: 2, random: 0.999_999 })).toBeCloseTo(330, 2);
  });

  test('waits longer when the receiver asks for it, and never shorter', () => {
    expect(secondsUntilRetry({ ...failed, retryAfter: '120' })).toBe(120);
    expect(secondsUntilRetry({ ...failed, attempt: 2, retryAfter: '120' })).toBe(300);
  });

  test('adds no attempt because the receiver asks for one', () => {
    expect(secondsUntilRetry({ ...failed, attempt: 10, retryAfter: '120' })).toBeUndefined();
  });
});

describe('retryAfterSeconds', () => {
  test.each([
    [null, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['0', 0],
    [' 30 ', 30],
    ['86401', 86_400],
    ['9'.repeat(400), 86_400],
    ['Wed, 21 Oct 2026 07:30:00 GMT', 120],
    ['Wed, 21 Oct 2026 07:00:00 GMT', 0],
    ['Sat, 24 Oct 2026 07:28:00 GMT', 86_400],
    ['Wed, 99 Oct 2026 07:30:00 GMT', undefined],
    ['2026-10-21T07:30:00Z', undefined],
  ])('reads %j as %s', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });
});
