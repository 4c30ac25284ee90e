import { signalLevels } from './noise-levels.ts';
import { mixOfLevel, noiseOf, pictureOf } from './prediction.ts';
import { combine, type Sampler } from './sampler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { wholeTimesteps } from './timesteps.ts';

/** Level that is left of a level of 0, which `epsilon` models cannot be asked at. */
const LEAST_LEVEL = 1e-12;

/** Deterministic steps, η = 0: Song et al., "Denoising Diffusion Implicit Models" (2021), equation 12. */
export function makeDdim(config: SchedulerConfig, steps: number): Sampler {
  const { num_train_timesteps: trainSteps, prediction_type: type, timestep_spacing: spacing = 'leading' } = config;
  const levels = signalLevels(config);
  const timesteps = wholeTimesteps({ trainSteps, steps, spacing, offset: config.steps_offset });
  const stride = Math.floor(trainSteps / steps);
  const endLevel = config.set_alpha_to_one ? 1 : (levels[0] ?? 1);
  const mixAt = (timestep: number) => mixOfLevel(Math.max(LEAST_LEVEL, levels[timestep] ?? endLevel));

  return {
    timesteps,
    startDeviation: 1,
    modelInput: (latents) => latents,
    addNoise(latents, noise, index) {
      const timestep = timesteps[index];
      if (timestep === undefined) return latents;
      const mix = mixAt(timestep);
      return combine([mix.signal, latents], [mix.noise, noise]);
    },
    step({ index, latents, modelOutput }) {
      const timestep = timesteps[index] ?? 0;
      const mix = mixAt(timestep);
      const next = mixAt(timestep - stride);
      const denoised = pictureOf(type, mix, latents, modelOutput);
      const noise = type === 'epsilon' ? modelOutput : noiseOf(mix, latents, denoised);
      return { latents: combine([next.signal, denoised], [next.noise, noise]), denoised };
    },
  };
}
