/**
 * The smallest value that at least `percent` of 100 values are not above (nearest rank: always one that was measured).
 * @throws RangeError when there are no values, or `percent` is not above 0 and at most 100
 */
export function percentile(values: readonly number[], percent: number): number {
  if (percent <= 0 || percent > 100) throw new RangeError(`a percentile is above 0 and at most 100, got ${percent}`);
  const value = values.toSorted((a, b) => a - b)[Math.ceil((percent / 100) * values.length) - 1];
  if (value === undefined) throw new RangeError('a percentile needs at least one value');
  return value;
}
