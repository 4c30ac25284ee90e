import type { JobInput } from '@afterimage/job-schemas';

type Sampler = JobInput['sampler'];

/** The names by which AUTOMATIC1111's web UI knows the samplers; other tools that read its files expect them. */
const SAMPLER_NAMES: Readonly<Record<Sampler, string>> = {
  euler: 'Euler',
  euler_a: 'Euler a',
  ddim: 'DDIM',
  dpmpp_2m: 'DPM++ 2M',
  dpmpp_2m_karras: 'DPM++ 2M Karras',
  dpmpp_sde_karras: 'DPM++ SDE Karras',
  lcm: 'LCM',
};

export interface GenerationFacts {
  readonly input: JobInput;
  readonly model: string;
  /** Seed of this image, not of the job. */
  readonly seed: number;
  /** Size of this image. */
  readonly width: number;
  readonly height: number;
  /** Of the program that writes the file. */
  readonly version: string;
}

/**
 * The generation parameters in the form of AUTOMATIC1111's web UI (`modules/infotext_utils.py`): prompt, negative
 * prompt, then one line of settings. Nothing in it differs between two runs of the same request.
 */
export function embedParameters({ input, model, seed, width, height, version }: GenerationFacts): string {
  const settings = [
    `Steps: ${input.steps}`,
    `Sampler: ${SAMPLER_NAMES[input.sampler]}`,
    `CFG scale: ${input.guidance}`,
    `Seed: ${seed}`,
    `Size: ${width}x${height}`,
    `Model: ${quoted(model)}`,
    `Version: ${quoted(`afterimage ${version}`)}`,
  ].join(', ');
  const negative = input.negativePrompt === '' ? [] : [`Negative prompt: ${input.negativePrompt}`];
  return [input.prompt, ...negative, settings].join('\n');
}

/** A value with a separator in it is written as JSON, as the web UI does. */
function quoted(value: string): string {
  return /[,:\n]/.test(value) ? JSON.stringify(value) : value;
}
