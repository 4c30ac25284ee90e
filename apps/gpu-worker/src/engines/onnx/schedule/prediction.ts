import type { PredictionType } from './scheduler-config.ts';
import { combine } from './sampler.ts';

/** x = signal · picture + noise · ε. */
export interface Mix {
  readonly signal: number;
  readonly noise: number;
}

/** The mix that keeps the variance at 1, of a level ᾱ: Ho et al. (2020), equation 4. */
export function mixOfLevel(level: number): Mix {
  return { signal: Math.sqrt(level), noise: Math.sqrt(1 - level) };
}

/** The same mix by its ratio σ of noise to signal. */
export function mixOfRatio(sigma: number): Mix {
  const signal = 1 / Math.sqrt(1 + sigma ** 2);
  return { signal, noise: sigma * signal };
}

/**
 * The picture that a model's output stands for, where the latents have the variance that the model was trained on. For
 * `v_prediction` see Salimans and Ho, "Progressive Distillation for Fast Sampling of Diffusion Models" (2022), appendix D.
 */
export function pictureOf(type: PredictionType, { signal, noise }: Mix, x: Float32Array, output: Float32Array) {
  switch (type) {
    case 'epsilon':
      return combine([1 / signal, x], [-noise / signal, output]);
    case 'v_prediction':
      return combine([signal, x], [-noise, output]);
    case 'sample':
      return output;
  }
}

/** The noise in the latents, by the picture in them. */
export function noiseOf({ signal, noise }: Mix, x: Float32Array, picture: Float32Array): Float32Array {
  return combine([1 / noise, x], [-signal / noise, picture]);
}
