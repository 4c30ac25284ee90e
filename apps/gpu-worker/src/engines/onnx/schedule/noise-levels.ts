import type { SchedulerConfig } from './scheduler-config.ts';

/** Cosine schedule of Nichol and Dhariwal, "Improved Denoising Diffusion Probabilistic Models" (2021), equation 17. */
function cosineBetas(count: number): number[] {
  const level = (time: number) => Math.cos(((time + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
  return Array.from({ length: count }, (_, t) => Math.min(1 - level((t + 1) / count) / level(t / count), 0.999));
}

function betasOf(config: SchedulerConfig): readonly number[] {
  const { num_train_timesteps: count, beta_start: start, beta_end: end } = config;
  if (config.trained_betas) return config.trained_betas;
  const at = (t: number) => (count === 1 ? 0 : t / (count - 1));
  switch (config.beta_schedule) {
    case 'linear':
      return Array.from({ length: count }, (_, t) => start + (end - start) * at(t));
    case 'scaled_linear':
      return Array.from({ length: count }, (_, t) => {
        return (Math.sqrt(start) + (Math.sqrt(end) - Math.sqrt(start)) * at(t)) ** 2;
      });
    case 'squaredcos_cap_v2':
      return cosineBetas(count);
  }
}

/**
 * Shifts and scales the square roots of the levels, so that the last one is 0 and the first one stays as it is: Lin et al.,
 * "Common Diffusion Noise Schedules and Sample Steps are Flawed" (2024), algorithm 1.
 */
function withZeroTerminalSnr(levels: readonly number[]): number[] {
  const roots = levels.map(Math.sqrt);
  const first = roots[0] ?? 1;
  const last = roots.at(-1) ?? 0;
  return roots.map((root) => ((root - last) * (first / (first - last))) ** 2);
}

/**
 * How much of the picture's variance is left at each timestep of the training: the running product of 1 - β, which Ho et
 * al., "Denoising Diffusion Probabilistic Models" (2020), write ᾱ.
 */
export function signalLevels(config: SchedulerConfig): Float64Array {
  let product = 1;
  const levels = betasOf(config).map((beta) => (product *= 1 - beta));
  return Float64Array.from(config.rescale_betas_zero_snr ? withZeroTerminalSnr(levels) : levels);
}

/** Level that stands for 0 where a noise-to-signal ratio must stay finite: 2^-24, as diffusers has it. */
const LEAST_LEVEL = 2 ** -24;

/** Noise to signal, σ = √((1 - ᾱ) / ᾱ), at each timestep of the training: Karras et al. (2022), table 1. */
export function noiseRatios(levels: Float64Array): Float64Array {
  return levels.map((level) => Math.sqrt((1 - Math.max(level, LEAST_LEVEL)) / Math.max(level, LEAST_LEVEL)));
}
