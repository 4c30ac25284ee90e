import { expect, it } from 'vitest';
import { lonelyPoints } from './lonely-points.ts';

it.each([
  [[], []],
  [[1], [0]],
  [
    [null, 1, null, 0],
    [1, 3],
  ],
  [[1, 2, null, 3, 4], []],
  [[null, null], []],
])('of %j are %j', (values, expected) => {
  expect(lonelyPoints(values)).toEqual(expected);
});
