import type { Sampler } from '@afterimage/job-schemas';

export interface ComfySampler {
  readonly sampler_name: string;
  readonly scheduler: string;
}

/** ComfyUI names the steps between the noise levels apart from the sampler. */
export const SAMPLERS: Readonly<Record<Sampler, ComfySampler>> = {
  euler: { sampler_name: 'euler', scheduler: 'normal' },
  euler_a: { sampler_name: 'euler_ancestral', scheduler: 'normal' },
  ddim: { sampler_name: 'ddim', scheduler: 'ddim_uniform' },
  dpmpp_2m: { sampler_name: 'dpmpp_2m', scheduler: 'normal' },
  dpmpp_2m_karras: { sampler_name: 'dpmpp_2m', scheduler: 'karras' },
  dpmpp_sde_karras: { sampler_name: 'dpmpp_sde', scheduler: 'karras' },
  lcm: { sampler_name: 'lcm', scheduler: 'sgm_uniform' },
};
