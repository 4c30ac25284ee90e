import { noiseRatios, signalLevels } from './noise-levels.ts';
import { karrasRatios, ratioAt, timestepAt } from './noise-ratio-path.ts';
import { mixOfRatio, pictureOf } from './prediction.ts';
import { combine, type Sampler } from './sampler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { spacedTimesteps } from './timesteps.ts';

interface Path {
  readonly timesteps: readonly number[];
  /** One more than timesteps: the last one is where the last step leads. */
  readonly sigmas: readonly number[];
}

function pathOf(config: SchedulerConfig, steps: number, isKarras: boolean): Path {
  const { num_train_timesteps: trainSteps, steps_offset: offset, timestep_spacing: spacing = 'linspace' } = config;
  const ratios = noiseRatios(signalLevels(config));
  const timesteps = spacedTimesteps({ trainSteps, steps, spacing, offset });
  const sigmas = timesteps.map((timestep) => ratioAt(ratios, timestep));
  const end = config.final_sigmas_type === 'sigma_min' ? (ratios[0] ?? 0) : 0;
  if (!isKarras) return { timesteps, sigmas: [...sigmas, end] };
  const karras = karrasRatios(sigmas.at(-1) ?? 0, sigmas[0] ?? 0, steps);
  return { timesteps: karras.map((sigma) => timestepAt(ratios, sigma)), sigmas: [...karras, end] };
}

/** How far an ancestral step goes down, and how much noise it adds to come up again: k-diffusion's `get_ancestral_step`, η = 1. */
function ancestralStep(from: number, to: number): { readonly down: number; readonly up: number } {
  const up = Math.sqrt(Math.max(0, (to ** 2 * (from ** 2 - to ** 2)) / from ** 2));
  return { down: Math.sqrt(Math.max(0, to ** 2 - up ** 2)), up };
}

/**
 * Euler's method on dx/dσ = (x - picture) / σ: Karras et al., "Elucidating the Design Space of Diffusion-Based Generative
 * Models" (2022), algorithm 1 without its second half. Latents are picture + σ · noise, not scaled to variance 1.
 *
 * @param isAncestral with fresh noise in each step, which is Song et al., "Score-Based Generative Modeling through SDEs"
 * (2021), section 4.2, in these terms
 */
export function makeEuler(config: SchedulerConfig, steps: number, { isAncestral }: { isAncestral: boolean }): Sampler {
  const { timesteps, sigmas } = pathOf(config, steps, !isAncestral && config.use_karras_sigmas === true);
  const sigmaAt = (index: number) => sigmas[index] ?? 0;
  const modelInput = (latents: Float32Array, index: number) => combine([mixOfRatio(sigmaAt(index)).signal, latents]);

  return {
    timesteps,
    startDeviation: (config.timestep_spacing ?? 'linspace') === 'leading' ? Math.hypot(sigmaAt(0), 1) : sigmaAt(0),
    modelInput,
    addNoise: (latents, noise, index) => combine([1, latents], [sigmaAt(index), noise]),
    step({ index, latents, modelOutput, noise }) {
      const [from, to] = [sigmaAt(index), sigmaAt(index + 1)];
      const { down, up } = isAncestral ? ancestralStep(from, to) : { down: to, up: 0 };
      const denoised = pictureOf(config.prediction_type, mixOfRatio(from), modelInput(latents, index), modelOutput);
      const rest = combine([down / from, latents], [1 - down / from, denoised]);
      return { latents: up === 0 ? rest : combine([1, rest], [up, noise()]), denoised };
    },
  };
}
