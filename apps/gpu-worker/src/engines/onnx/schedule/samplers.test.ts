import type { Sampler as SamplerName } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { isOnnxSampler, makeSampler, type OnnxSampler } from './make-sampler.ts';
import { schedulerConfigSchema } from './scheduler-config.ts';
import { STEPS } from './step-vectors.ts';

type Config = Partial<Parameters<typeof schedulerConfigSchema.parse>[0] & object>;

const START = [-1.5, -0.25, 0.5, 1.25];
const NOISE = [0.3, -0.7, 1.1, -0.2];

function model(x: Float32Array, timestep: number): Float32Array {
  return x.map((value) => Math.tanh(value) / 2 + timestep / 2000);
}

function trace(name: OnnxSampler, steps: number, config: Config): number[][] {
  const sampler = makeSampler(name, schedulerConfigSchema.parse(config), steps);
  let latents: Float32Array = Float32Array.from(START, (value) => value * sampler.startDeviation);
  let draws = 0;
  return sampler.timesteps.map((timestep, index) => {
    const modelOutput = model(sampler.modelInput(latents, index), timestep);
    const step = sampler.step({
      index,
      latents,
      modelOutput,
      noise: () => {
        const drawn = draws % 2 === 0 ? 1 : -1;
        draws += 1;
        return Float32Array.from(NOISE, (value) => value * drawn);
      },
    });
    latents = step.latents;
    return [...latents];
  });
}

const v = { prediction_type: 'v_prediction' };
const leading = { timestep_spacing: 'leading', steps_offset: 1, set_alpha_to_one: false };
const CASES: Readonly<Record<keyof typeof STEPS, readonly [OnnxSampler, Config]>> = {
  'euler, epsilon': ['euler', {}],
  'euler, v_prediction': ['euler', v],
  'euler, sample': ['euler', { prediction_type: 'sample' }],
  'euler, one trailing step': ['euler', { timestep_spacing: 'trailing' }],
  'euler_a, epsilon': ['euler_a', {}],
  'euler_a, v_prediction': ['euler_a', v],
  'euler_a, sample': ['euler_a', { prediction_type: 'sample' }],
  'ddim, epsilon': ['ddim', leading],
  'ddim, v_prediction with zero terminal SNR': [
    'ddim',
    { ...v, timestep_spacing: 'trailing', rescale_betas_zero_snr: true },
  ],
  'dpmpp_2m, epsilon': ['dpmpp_2m', {}],
  'dpmpp_2m, v_prediction': ['dpmpp_2m', v],
  dpmpp_2m_karras: ['dpmpp_2m_karras', {}],
  lcm: ['lcm', { set_alpha_to_one: false }],
};

describe('a sampler', () => {
  it.each(Object.entries(CASES))('takes the steps of the formula: %s', (name, [sampler, config]) => {
    const expected = STEPS[name as keyof typeof STEPS];
    const steps = trace(sampler, expected.length, config);
    expect(steps).toHaveLength(expected.length);
    for (const [index, step] of steps.entries()) {
      for (const [at, value] of step.entries()) {
        const wanted = expected[index]?.[at] ?? Number.NaN;
        expect(Math.abs(value - wanted)).toBeLessThan(1e-5 * Math.max(1, Math.abs(wanted)));
      }
    }
  });

  it.each([
    ['euler', [999, 749.25, 499.5, 249.75, 0]],
    ['ddim', [800, 600, 400, 200, 0]],
    ['dpmpp_2m', [999, 799, 599, 400, 200]],
    ['dpmpp_2m_karras', [999, 786, 427, 59, 0]],
  ] as const)('stands at the timesteps that its solver is made for: %s', (name, expected) => {
    expect(makeSampler(name, schedulerConfigSchema.parse({}), 5).timesteps).toEqual(expected);
  });

  it('takes the timesteps of the teacher for a consistency model, and no more than there are', () => {
    const config = schedulerConfigSchema.parse({});
    expect(makeSampler('lcm', config, 4).timesteps).toEqual([999, 759, 499, 259]);
    expect(makeSampler('lcm', config, 8).timesteps).toEqual([999, 879, 759, 639, 499, 379, 259, 139]);
    expect(() => makeSampler('lcm', config, 51)).toThrow('input.steps must be at most 50 for the sampler lcm, got 51');
  });

  it('adds as much noise to a picture as a run that came to this step has', () => {
    for (const name of ['euler', 'ddim', 'dpmpp_2m', 'lcm'] as const) {
      const sampler = makeSampler(name, schedulerConfigSchema.parse({ timestep_spacing: 'trailing' }), 4);
      const [picture, noise] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
      const first = sampler.modelInput(sampler.addNoise(picture, noise, 0), 0);
      // √ᾱ and √(1 - ᾱ) of timestep 999, whatever the sampler's own terms.
      expect(first[0]).toBeCloseTo(0.0682649, 4);
      expect(first[1]).toBeCloseTo(0.9976672, 4);
      expect([...sampler.addNoise(picture, noise, 4)]).toEqual([1, 0]);
    }
  });

  it('is known by name, or not at all', () => {
    const names: SamplerName[] = ['euler', 'dpmpp_sde_karras'];
    expect(names.map(isOnnxSampler)).toEqual([true, false]);
    expect(() => makeSampler('euler', schedulerConfigSchema.parse({ num_train_timesteps: 100 }), 101)).toThrow(
      'input.steps must be at most 100 for this model, got 101',
    );
  });
});
