import { noiseRatios, signalLevels } from './noise-levels.ts';
import { karrasRatios, ratioAt, timestepAt } from './noise-ratio-path.ts';
import { mixOfRatio, pictureOf } from './prediction.ts';
import { combine, type Sampler } from './sampler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { wholeTimesteps } from './timesteps.ts';

interface Path {
  readonly timesteps: readonly number[];
  readonly sigmas: readonly number[];
}

function pathOf(config: SchedulerConfig, steps: number, isKarras: boolean): Path {
  const { num_train_timesteps: trainSteps, steps_offset: offset, timestep_spacing: spacing = 'linspace' } = config;
  const ratios = noiseRatios(signalLevels(config));
  const end = config.final_sigmas_type === 'sigma_min' ? (ratios[0] ?? 0) : 0;
  if (isKarras) {
    const karras = karrasRatios(ratios[0] ?? 0, ratios.at(-1) ?? 0, steps);
    return { timesteps: karras.map((sigma) => Math.round(timestepAt(ratios, sigma))), sigmas: [...karras, end] };
  }
  const timesteps = wholeTimesteps({ trainSteps, steps, spacing, offset, hasEndpoint: true });
  return { timesteps, sigmas: [...timesteps.map((timestep) => ratioAt(ratios, timestep)), end] };
}

/** Below this many steps the last one is of first order: the second is unstable there. */
const FEW_STEPS = 15;

/**
 * DPM-Solver++(2M): Lu et al., "DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models" (2022),
 * algorithm 2, with λ = -ln σ. The first step is of first order, and so is the last one when it leads to σ = 0 or when there
 * are few steps.
 */
export function makeDpmpp2m(config: SchedulerConfig, steps: number, { isKarras }: { isKarras: boolean }): Sampler {
  const { timesteps, sigmas } = pathOf(config, steps, isKarras);
  const sigmaAt = (index: number) => sigmas[index] ?? 0;
  const halfLogSnr = (index: number) => -Math.log(sigmaAt(index));
  let before: Float32Array | undefined;

  /** What the pictures of this step and the one before come to in the middle of the step. */
  function extrapolated(index: number, denoised: Float32Array): Float32Array {
    const isLast = index === steps - 1;
    if (before === undefined || (isLast && (steps < FEW_STEPS || sigmaAt(steps) === 0))) return denoised;
    const ratio = (halfLogSnr(index) - halfLogSnr(index - 1)) / (halfLogSnr(index + 1) - halfLogSnr(index));
    return combine([1 + 1 / (2 * ratio), denoised], [-1 / (2 * ratio), before]);
  }

  return {
    timesteps,
    startDeviation: 1,
    modelInput: (latents) => latents,
    addNoise(latents, noise, index) {
      const mix = mixOfRatio(sigmaAt(index));
      return combine([mix.signal, latents], [mix.noise, noise]);
    },
    step({ index, latents, modelOutput }) {
      const [from, to] = [mixOfRatio(sigmaAt(index)), mixOfRatio(sigmaAt(index + 1))];
      const denoised = pictureOf(config.prediction_type, from, latents, modelOutput);
      const picture = extrapolated(index, denoised);
      before = denoised;
      // 1 - e^-h, where h is the way in λ.
      const share = 1 - sigmaAt(index + 1) / sigmaAt(index);
      return { latents: combine([to.noise / from.noise, latents], [to.signal * share, picture]), denoised };
    },
  };
}
