import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fromLocalTime, toLocalTime } from './local-time.ts';

beforeEach(() => vi.stubEnv('TZ', 'Asia/Kolkata'));
afterEach(() => vi.unstubAllEnvs());

it('shows a time in the zone of the operator, and reads it back', () => {
  expect(toLocalTime('2026-11-22T20:10:00.000Z')).toBe('2026-11-23T01:40');
  expect(fromLocalTime('2026-11-23T01:40')).toBe('2026-11-22T20:10:00.000Z');
});

it('leaves out what is no time', () => {
  expect(toLocalTime(undefined)).toBe('');
  expect(fromLocalTime('')).toBeUndefined();
});
