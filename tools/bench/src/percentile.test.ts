import { expect, test } from 'vitest';
import { percentile } from './percentile.ts';

const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test.each([
  [oneToHundred, 50, 50],
  [oneToHundred, 99, 99],
  [oneToHundred, 100, 100],
  [[3, 1, 2], 50, 2],
  [[10, 2], 99, 10],
  [[10, 2], 50, 2],
  [[7], 1, 7],
])('of %j, p%d is %d', (values, percent, expected) => {
  expect(percentile(values, percent)).toBe(expected);
});

test('there is none of nothing, and none beyond the range', () => {
  expect(() => percentile([], 50)).toThrow('at least one value');
  expect(() => percentile([1], 0)).toThrow('got 0');
  expect(() => percentile([1], 101)).toThrow('got 101');
});
