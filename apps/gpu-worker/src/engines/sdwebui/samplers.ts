import type { Sampler } from '@afterimage/job-schemas';
import type { Dialect } from './dialect.ts';

type Sigmas = 'Automatic' | 'Uniform' | 'Karras';

/** `Automatic` is the sampler's own choice, which is Karras for the DPM++ ones: the plain ones must ask for uniform. */
const SAMPLERS: Readonly<Record<Sampler, readonly [name: string, sigmas: Sigmas]>> = {
  euler: ['Euler', 'Automatic'],
  euler_a: ['Euler a', 'Automatic'],
  ddim: ['DDIM', 'Automatic'],
  dpmpp_2m: ['DPM++ 2M', 'Uniform'],
  dpmpp_2m_karras: ['DPM++ 2M', 'Karras'],
  dpmpp_sde_karras: ['DPM++ SDE', 'Karras'],
  lcm: ['LCM', 'Automatic'],
};

export interface SamplerFields {
  readonly sampler_name: string;
  readonly scheduler?: string;
  /** SD.Next has no schedulers: there it is an option, which outlives the request and so is always sent. */
  readonly options: Readonly<Record<string, string>>;
}

/** How a dialect is asked for a sampler. Names that hold both, as `DPM++ 2M Karras`, are gone since 1.9. */
export function samplerFields(sampler: Sampler, dialect: Dialect): SamplerFields {
  const [sampler_name, sigmas] = SAMPLERS[sampler];
  if (dialect === 'sdnext') {
    return { sampler_name, options: { schedulers_sigma: sigmas === 'Karras' ? 'karras' : 'default' } };
  }
  return { sampler_name, scheduler: sigmas, options: {} };
}

const OLD_SUFFIX = / (karras|exponential|polyexponential|sgm uniform)$/;

/** A name without the scheduler that old clients write behind it, as the server itself reads it. */
export function plainSampler(name: string): string {
  return name.toLowerCase().replace(OLD_SUFFIX, '');
}

export function isSameSampler(asked: string, used: string): boolean {
  return plainSampler(asked) === plainSampler(used);
}
