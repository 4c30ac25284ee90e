import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A duration of chance by its median and its 95th percentile, log-normal: starts of machines have a long tail. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
}

/** Chance with a seed: the same seed gives the same numbers. */
export interface Random {
  /** From 0 to below 1. */
  uniform(): number;
  exponential(mean: number): number;
  /** In the unit of the spread; exactly its median when both are the same. */
  spread(spread: Spread): number;
}

/** 95th percentile of the standard normal distribution. */
const Z95 = 1.644_853_626_951_472_2;

export function makeRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  /** Box–Muller; 1 − u keeps the logarithm's argument above 0. */
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    spread: ({ p50, p95 }) => (p50 === 0 || p95 <= p50 ? p50 : p50 * Math.exp((Math.log(p95 / p50) / Z95) * normal())),
  };
}
