import { describe, expect, it } from 'vitest';
import { NormalNoise } from '../noise/philox.ts';
import { noiseRatios, signalLevels } from './noise-levels.ts';
import { timestepAt } from './noise-ratio-path.ts';
import { type OnnxSampler, makeSampler } from './make-sampler.ts';
import { mixOfRatio } from './prediction.ts';
import { schedulerConfigSchema } from './scheduler-config.ts';

/**
 * Pictures from a normal distribution of mean μ and deviation s: the best denoiser is then known, D(x; σ) =
 * (s² x + σ² μ) / (s² + σ²), and so is where the probability flow leads (Karras et al., 2022, equation 1): it keeps
 * (x - μ) / √(s² + σ²).
 */
const MEAN = 0.7;
const DEVIATION = 0.4;

const config = schedulerConfigSchema.parse({ timestep_spacing: 'trailing' });
const levels = signalLevels(config);
const ratios = noiseRatios(levels);

/** σ of the timestep, which a float timestep of Euler's has on the line between its neighbours. */
function sigmaOf(timestep: number): number {
  const below = Math.floor(timestep);
  const [low = 0, high = low] = [ratios[below], ratios[below + 1]];
  return low + (high - low) * (timestep - below);
}

/** The noise that the best model finds in latents of variance 1. */
function bestModel(x: Float32Array, timestep: number): Float32Array {
  const sigma = sigmaOf(timestep);
  const { signal } = mixOfRatio(sigma);
  return x.map((value) => {
    const scaled = value / signal;
    const picture = (DEVIATION ** 2 * scaled + sigma ** 2 * MEAN) / (DEVIATION ** 2 + sigma ** 2);
    return (scaled - picture) / sigma;
  });
}

function run(name: OnnxSampler, steps: number, start: Float32Array, noise = new NormalNoise(1)): Float32Array {
  const sampler = makeSampler(name, config, steps);
  let latents: Float32Array = start.map((value) => value * sampler.startDeviation);
  for (const [index, timestep] of sampler.timesteps.entries()) {
    const modelOutput = bestModel(sampler.modelInput(latents, index), timestep);
    ({ latents } = sampler.step({ index, latents, modelOutput, noise: () => noise.draw(latents.length) }));
  }
  return latents;
}

const sigmaMax = ratios.at(-1) ?? 0;
/** Where the flow leads from x = σ_max · start, in terms of x = picture + σ · noise. */
function exact(start: number): number {
  return MEAN + ((start * sigmaMax - MEAN) * DEVIATION) / Math.hypot(DEVIATION, sigmaMax);
}
/** The same for samplers that begin at latents of variance 1. */
function exactFromUnit(start: number): number {
  return MEAN + ((start * Math.hypot(1, sigmaMax) - MEAN) * DEVIATION) / Math.hypot(DEVIATION, sigmaMax);
}

const STARTS = Float32Array.of(-1.2, 0.3, 1.7);

function error(name: OnnxSampler, steps: number): number {
  const found = run(name, steps, STARTS);
  const wanted = name === 'euler' ? exact : exactFromUnit;
  return Math.max(...[...STARTS].map((start, at) => Math.abs((found[at] ?? 0) - wanted(start))));
}

describe('on pictures of a normal distribution', () => {
  it.each([
    ['euler', 0.06],
    ['ddim', 0.06],
    ['dpmpp_2m', 0.04],
    ['dpmpp_2m_karras', 0.02],
  ] as const)('%s comes to where the probability flow leads', (name, tolerance) => {
    expect(error(name, 50)).toBeLessThan(tolerance);
    expect(error(name, 500)).toBeLessThan(tolerance / 5);
  });

  it.each(['euler', 'ddim'] as const)('%s is of first order: twice the steps halve the error', (name) => {
    const ratio = error(name, 40) / error(name, 80);
    expect(ratio).toBeGreaterThan(1.7);
    expect(ratio).toBeLessThan(3);
  });

  it('dpmpp_2m with few steps is nearer than Euler with the same', () => {
    expect(error('dpmpp_2m_karras', 12)).toBeLessThan(error('euler', 12) / 2);
  });

  it('euler_a draws from the distribution itself', () => {
    const drawn = run('euler_a', 500, new NormalNoise(7).draw(4000), new NormalNoise(8));
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
    expect(mean).toBeCloseTo(MEAN, 1);
    expect(Math.sqrt(variance) / DEVIATION).toBeGreaterThan(0.94);
    expect(Math.sqrt(variance) / DEVIATION).toBeLessThan(1.06);
  });

  it('adds noise that stands at its timestep', () => {
    const sampler = makeSampler('dpmpp_2m_karras', config, 10);
    const noised = sampler.addNoise(Float32Array.of(0), Float32Array.of(1), 4);
    const sigma = (noised[0] ?? 0) / Math.sqrt(1 - (noised[0] ?? 0) ** 2);
    expect(Math.round(timestepAt(ratios, sigma))).toBe(sampler.timesteps[4]);
  });
});
