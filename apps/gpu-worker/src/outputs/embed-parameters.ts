import type { ImageToImageInput, Sampler, TaskInput, TextToImageInput } from '@afterimage/job-schemas';
import type { EmbeddedText } from './encode-image-metadata.ts';

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
  readonly request: TaskInput;
  readonly model: string;
  /** Seed of this image, not of the job; null where it is not known. */
  readonly seed: number | null;
  /** Size of this image. */
  readonly width: number;
  readonly height: number;
  /** Of the program that writes the file. */
  readonly version: string;
}

type Sampled = TextToImageInput | ImageToImageInput;

function samplingSettings(input: Sampled): string[] {
  return [
    `Steps: ${input.steps}`,
    `Sampler: ${SAMPLER_NAMES[input.sampler]}`,
    `CFG scale: ${input.guidance}`,
    ...('strength' in input ? [`Denoising strength: ${input.strength}`] : []),
  ];
}

function taskSettings({ kind, input }: TaskInput): string[] {
  if (kind === 'text-to-image' || kind === 'image-to-image') return samplingSettings(input);
  if (kind !== 'upscale') return [];
  const upscaler = input.upscaler === undefined ? [] : [`Postprocess upscaler: ${quoted(input.upscaler)}`];
  return [`Postprocess upscale by: ${input.scale}`, ...upscaler];
}

function promptLines({ kind, input }: TaskInput): string[] {
  if (kind !== 'text-to-image' && kind !== 'image-to-image') return [];
  return [input.prompt, ...(input.negativePrompt === '' ? [] : [`Negative prompt: ${input.negativePrompt}`])];
}

/**
 * The generation parameters in the form of AUTOMATIC1111's web UI (`modules/infotext_utils.py`): prompt, negative
 * prompt, then one line of settings. A workflow goes along in ComfyUI's convention (`SaveImage` in `nodes.py`), so that
 * its editor opens the file. Nothing in it differs between two runs of the same request.
 */
export function embedParameters({ request, model, seed, width, height, version }: GenerationFacts): EmbeddedText {
  const settings = [
    ...taskSettings(request),
    ...(seed === null ? [] : [`Seed: ${seed}`]),
    `Size: ${width}x${height}`,
    `Model: ${quoted(model)}`,
    `Version: ${quoted(`afterimage ${version}`)}`,
  ];
  const parameters = [...promptLines(request), settings.join(', ')].join('\n');
  return request.kind === 'workflow' ? { parameters, prompt: JSON.stringify(request.input.workflow) } : { parameters };
}

/** A value with a separator in it is written as JSON, as the web UI does. */
function quoted(value: string): string {
  return /[,:\n]/.test(value) ? JSON.stringify(value) : value;
}
