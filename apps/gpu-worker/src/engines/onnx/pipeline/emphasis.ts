function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Multiplies the state of each token by its weight, and then all of them by one factor, so that their mean stays what it was:
 * how AUTOMATIC1111's WebUI weighs the words of a prompt ("original").
 *
 * @param states `weights.length` states of `states.length / weights.length` numbers each
 */
export function emphasize(states: Float32Array, weights: readonly number[]): Float32Array {
  if (weights.every((weight) => weight === 1)) return states;
  const size = states.length / weights.length;
  const weighted = states.map((value, at) => value * (weights[Math.floor(at / size)] ?? 1));
  const factor = meanOf(states) / meanOf(weighted);
  return Number.isFinite(factor) ? weighted.map((value) => value * factor) : weighted;
}
