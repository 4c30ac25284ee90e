import type { Sampler as SamplerName } from '@afterimage/job-schemas';
import { makeDdim } from './ddim.ts';
import { makeDpmpp2m } from './dpmpp-2m.ts';
import { makeEuler } from './euler.ts';
import { makeLcm } from './lcm.ts';
import type { Sampler } from './sampler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';

type MakeSampler = (config: SchedulerConfig, steps: number) => Sampler;

const SAMPLERS = {
  euler: (config, steps) => makeEuler(config, steps, { isAncestral: false }),
  euler_a: (config, steps) => makeEuler(config, steps, { isAncestral: true }),
  ddim: makeDdim,
  dpmpp_2m: (config, steps) => makeDpmpp2m(config, steps, { isKarras: false }),
  dpmpp_2m_karras: (config, steps) => makeDpmpp2m(config, steps, { isKarras: true }),
  lcm: makeLcm,
} as const satisfies Partial<Record<SamplerName, MakeSampler>>;

export type OnnxSampler = keyof typeof SAMPLERS;

export const SAMPLER_NAMES = Object.keys(SAMPLERS);

export function isOnnxSampler(name: SamplerName): name is OnnxSampler {
  return name in SAMPLERS;
}

/** @throws RangeError when the sampler cannot take this many steps */
export function makeSampler(name: OnnxSampler, config: SchedulerConfig, steps: number): Sampler {
  const { num_train_timesteps: trainSteps } = config;
  if (steps > trainSteps)
    throw new RangeError(`input.steps must be at most ${trainSteps} for this model, got ${steps}`);
  return SAMPLERS[name](config, steps);
}
