import type { FieldError, ImageRef, Sampler } from '@afterimage/job-schemas';
import { isHarmless, placeholderOf } from '@afterimage/job-schemas';
import { imagesOf, type WebuiTaskType } from './webui-request.ts';
import type { Content } from './webui-content.ts';

/** The names by which SD WebUI knows the samplers. */
const SAMPLERS: Readonly<Record<string, Sampler>> = {
  Euler: 'euler',
  'Euler a': 'euler_a',
  DDIM: 'ddim',
  'DPM++ 2M': 'dpmpp_2m',
  'DPM++ 2M Karras': 'dpmpp_2m_karras',
  'DPM++ SDE Karras': 'dpmpp_sde_karras',
  LCM: 'lcm',
};

/** Fields of SD WebUI that change the picture and that no other engine has. */
const OWN_FIELDS: Readonly<Record<WebuiTaskType, readonly string[]>> = {
  'text-to-image': ['enable_hr', 'restore_faces', 'tiling', 'subseed_strength', 'override_settings'],
  'image-to-image': [
    'restore_faces',
    'tiling',
    'subseed_strength',
    'override_settings',
    'resize_mode',
    'inpainting_mask_invert',
  ],
  'extra-single-image': ['resize_mode', 'gfpgan_visibility', 'codeformer_visibility', 'extras_upscaler_2_visibility'],
};

/** The field of SD WebUI that each field of an input comes from. */
export const WEBUI_FIELD: Readonly<Record<string, string>> = {
  negativePrompt: 'negative_prompt',
  guidance: 'cfg_scale',
  images: 'batch_size',
  sampler: 'sampler_name',
  strength: 'denoising_strength',
  scale: 'upscaling_resize',
  upscaler: 'upscaler_1',
};

export interface NativeInput {
  readonly input: Content;
  readonly errors: readonly FieldError[];
}

function samplerOf(body: Content, base: string): NativeInput {
  const name = [body['sampler_name'], body['sampler_index']].find((each) => typeof each === 'string' && each !== '');
  if (typeof name !== 'string') return { input: {}, errors: [] };
  const isKarras = String(body['scheduler'] ?? '').toLowerCase() === 'karras' && !name.endsWith(' Karras');
  const label = isKarras ? `${name} Karras` : name;
  const sampler = Object.hasOwn(SAMPLERS, label) ? SAMPLERS[label] : undefined;
  if (sampler !== undefined) return { input: { sampler }, errors: [] };
  const limit = Object.keys(SAMPLERS);
  const detail = `must be one of ${limit.join(', ')}, got "${label}"`;
  return { input: {}, errors: [{ pointer: `${base}/sampler_name`, code: 'invalid_value', detail, limit }] };
}

/** Undefined and null are the engine's defaults. */
function given(fields: Content): Content {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

function imageOf(value: unknown, images: Readonly<Record<string, ImageRef>>): ImageRef | undefined {
  return images[placeholderOf(value) ?? ''];
}

function upscale(body: Content, images: Readonly<Record<string, ImageRef>>): Content {
  const upscaler = body['upscaler_1'];
  return given({
    image: imageOf(body['image'], images),
    scale: body['upscaling_resize'],
    upscaler: upscaler === 'None' || upscaler === '' ? undefined : upscaler,
  });
}

function sampling(body: Content, sampler: Content): Content {
  const { seed } = body;
  return given({
    prompt: body['prompt'],
    negativePrompt: body['negative_prompt'],
    steps: body['steps'],
    guidance: body['cfg_scale'],
    seed: seed === -1 ? undefined : seed,
    width: body['width'],
    height: body['height'],
    images: imagesOf(body),
    ...sampler,
  });
}

/**
 * A checked body of SD WebUI as the input of a job for an engine that is another one. What that engine cannot do is an
 * error, never left out in silence.
 */
export function toNativeInput(
  type: WebuiTaskType,
  body: Content,
  images: Readonly<Record<string, ImageRef>>,
  { base, engine }: { readonly base: string; readonly engine: string },
): NativeInput {
  const unsupported = OWN_FIELDS[type]
    .filter((field) => !isHarmless(body[field]))
    .map((field) => ({
      pointer: `${base}/${field}`,
      code: 'unsupported',
      detail: `must be left out: the engine of this runtime, ${engine}, has no such field`,
    }));
  if (type === 'extra-single-image') return { input: upscale(body, images), errors: unsupported };
  const sampler = samplerOf(body, base);
  const sampled = sampling(body, sampler.input);
  const errors = [...unsupported, ...sampler.errors];
  if (type === 'text-to-image') return { input: sampled, errors };
  const [initial]: unknown[] = Array.isArray(body['init_images']) ? body['init_images'] : [];
  const drawn = given({
    image: imageOf(initial, images),
    mask: imageOf(body['mask'], images),
    strength: body['denoising_strength'],
  });
  return { input: { ...sampled, ...drawn }, errors };
}
