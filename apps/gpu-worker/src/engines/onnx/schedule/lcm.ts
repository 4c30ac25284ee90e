import { signalLevels } from './noise-levels.ts';
import { mixOfLevel, pictureOf } from './prediction.ts';
import { combine, type Sampler } from './sampler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';

const DATA_DEVIATION = 0.5;

/** The teacher's timesteps, and evenly many of them for the steps asked for, from the noisiest down. */
function timestepsOf(
  { num_train_timesteps: trainSteps, original_inference_steps: teacher }: SchedulerConfig,
  steps: number,
) {
  const stride = Math.floor(trainSteps / teacher);
  return Array.from({ length: steps }, (_, index) => (teacher - Math.floor((index * teacher) / steps)) * stride - 1);
}

/**
 * Multistep consistency sampling: Luo et al., "Latent Consistency Models" (2023), algorithm 3, with the boundary scalings of
 * Song et al., "Consistency Models" (2023), appendix C.
 *
 * @throws RangeError when more steps are asked for than the model was distilled from
 */
export function makeLcm(config: SchedulerConfig, steps: number): Sampler {
  const { original_inference_steps: teacher, prediction_type: type, timestep_scaling: scaling } = config;
  if (steps > teacher) throw new RangeError(`input.steps must be at most ${teacher} for the sampler lcm, got ${steps}`);
  const levels = signalLevels(config);
  const endLevel = config.set_alpha_to_one ? 1 : (levels[0] ?? 1);
  const timesteps = timestepsOf(config, steps);
  const mixAt = (index: number) => {
    const timestep = timesteps[index];
    return mixOfLevel(timestep === undefined ? endLevel : (levels[timestep] ?? endLevel));
  };

  return {
    timesteps,
    startDeviation: 1,
    modelInput: (latents) => latents,
    addNoise(latents, noise, index) {
      if (index >= steps) return latents;
      const mix = mixAt(index);
      return combine([mix.signal, latents], [mix.noise, noise]);
    },
    step({ index, latents, modelOutput, noise }) {
      const time = (timesteps[index] ?? 0) * scaling;
      const spread = time ** 2 + DATA_DEVIATION ** 2;
      const picture = pictureOf(type, mixAt(index), latents, modelOutput);
      const denoised = combine([time / Math.sqrt(spread), picture], [DATA_DEVIATION ** 2 / spread, latents]);
      if (index === steps - 1) return { latents: denoised, denoised };
      const next = mixAt(index + 1);
      return { latents: combine([next.signal, denoised], [next.noise, noise()]), denoised };
    },
  };
}
