/** σ at a timestep that need not be whole, on the straight line between its neighbours. */
export function ratioAt(ratios: Float64Array, timestep: number): number {
  const below = Math.floor(timestep);
  const [low = 0, high = low] = [ratios[below], ratios[below + 1]];
  return low + (high - low) * (timestep - below);
}

/** The timestep at which the model meets this σ, on the straight line between the logarithms of its neighbours. */
export function timestepAt(ratios: Float64Array, sigma: number): number {
  const target = Math.log(Math.max(sigma, 1e-10));
  const above = ratios.findIndex((ratio) => Math.log(ratio) > target);
  if (above === 0) return 0;
  if (above === -1) return ratios.length - 1;
  const low = Math.log(ratios[above - 1] ?? 0);
  const high = Math.log(ratios[above] ?? 0);
  return above - 1 + (target - low) / (high - low);
}

const RHO = 7;

/** σ from `max` down to `min`: Karras et al., "Elucidating the Design Space of Diffusion-Based Generative Models" (2022), equation 5. */
export function karrasRatios(min: number, max: number, steps: number): number[] {
  const [from, to] = [max ** (1 / RHO), min ** (1 / RHO)];
  return Array.from({ length: steps }, (_, index) => (from + (index / Math.max(1, steps - 1)) * (to - from)) ** RHO);
}
