/** Of waits or other times, in their unit. */
export interface Summary {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Percentiles are nearest-rank: each one is a value that there was. All are 0 where there is no value. */
export function summarise(values: Float64Array): Summary {
  const sorted = values.toSorted();
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const total = sorted.reduce((sum, value) => sum + value, 0);
  const mean = sorted.length === 0 ? 0 : total / sorted.length;
  return { mean, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
}
