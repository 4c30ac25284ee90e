import { createHash } from 'node:crypto';
import type { RawInput, RawPath } from '@afterimage/job-schemas';
import { isHarmless, LIMITS, rawRefusalOf, rawSchemas } from '@afterimage/job-schemas';
import sharp from 'sharp';
import type * as z from 'zod';
import type { EngineJob } from '../engine.ts';
import { invalid, type RequestContext, UPSCALE_STEP } from './build-request.ts';
import { findCheckpoint } from './checkpoints.ts';
import { samplerFields } from './samplers.ts';
import { withInlineImages } from './raw-images.ts';
import { allowedOverrides } from './raw-overrides.ts';
import type { ExpectedSize, WebuiRequest } from './webui-request.ts';

/** Fields with nothing in them are the server's defaults, however a client wrote them. */
function withoutNulls(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null && value !== undefined));
}

/** @throws EngineError `input_invalid` that names the field */
function parse<T extends z.ZodType>(schema: T, path: RawPath, raw: Readonly<Record<string, unknown>>): z.infer<T> {
  for (const [field, value] of Object.entries(raw)) {
    const reason = rawRefusalOf(field);
    if (reason !== undefined && !isHarmless(value)) throw invalid(`${field} is refused: ${reason}`);
  }
  const result = schema.safeParse(withoutNulls(raw));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(`${issue?.path.join('.') ?? path}: ${issue?.message ?? 'is not valid'}`);
}

/** The same for every attempt, so that a repeated job gives the same pictures. */
function drawnSeed(jobId: string): number {
  return createHash('sha256').update(jobId).digest().readUInt32BE(0);
}

function bytes(encoded: string): Uint8Array {
  return Buffer.from(encoded.slice(encoded.indexOf(',') + 1), 'base64');
}

function floorToStep(value: number): number {
  return Math.floor(value / LIMITS.side.multipleOf) * LIMITS.side.multipleOf;
}

/** The body of a v1alpha2 client for `txt2img` or `img2img`, checked, with everything set that success is judged by. */
export function rawSamplingRequest(
  { job, dialect, checkpoint }: RequestContext,
  path: 'txt2img' | 'img2img',
  given: RawInput,
): WebuiRequest {
  const raw = withInlineImages(given, job.inputs);
  const body = parse(rawSchemas()[path], path, raw);
  const { sd_model_checkpoint: asked, ...overrides } = allowedOverrides(raw['override_settings']);
  if (asked !== undefined && findCheckpoint([checkpoint], asked) === undefined) {
    throw invalid(`override_settings.sd_model_checkpoint is not the model of the job, ${job.model}`);
  }
  const { batch_size = 1, n_iter = 1, steps: asksSteps = LIMITS.steps.default } = body;
  const count = batch_size * n_iter;
  if (count > LIMITS.images.max)
    throw invalid(`batch_size times n_iter is ${count}, but must be at most ${LIMITS.images.max}`);
  const { width = LIMITS.side.default, height = LIMITS.side.default } = body;
  const enlarges = 'enable_hr' in body && body.enable_hr === true;
  if (enlarges && Math.max(width, height) * (body.hr_scale ?? 2) > LIMITS.side.max) {
    throw invalid(`hr_scale makes the images larger than ${LIMITS.side.max} pixels`);
  }
  const usual = samplerFields('euler_a', dialect);
  const sampler = body.sampler_name || body.sampler_index || usual.sampler_name;
  const seed = body.seed === undefined || body.seed === -1 ? drawnSeed(job.jobId) : body.seed;
  const isVaried = (body.subseed_strength ?? 0) > 0;
  const { sampler_index: _, ...rest } = body;
  return {
    path,
    steps: asksSteps,
    body: {
      ...rest,
      batch_size,
      n_iter,
      steps: asksSteps,
      width,
      height,
      seed,
      sampler_name: sampler,
      override_settings: { ...usual.options, ...overrides, sd_model_checkpoint: checkpoint.title },
      // What a client overrides must not outlive its job; the checkpoint may.
      override_settings_restore_afterwards: Object.keys(overrides).length > 0,
      send_images: true,
      save_images: false,
    },
    expected: {
      images: count,
      size: enlarges ? null : { width: floorToStep(width), height: floorToStep(height), slack: 1 },
      sampling: {
        seeds: Array.from({ length: count }, (_, index) => (isVaried ? seed : seed + index)),
        sampler,
        checkpoint,
      },
      sources: 'init_images' in body ? body.init_images.map(bytes) : [],
    },
  };
}

async function sizeOf(file: Uint8Array): Promise<{ width: number; height: number }> {
  try {
    const { width, height } = await sharp(file).metadata();
    return { width, height };
  } catch (cause) {
    throw invalid('image: cannot be read', cause);
  }
}

/** The same for `extra-single-image`; the upscalers that it names are left to be checked against the server's. */
export async function rawUpscaleRequest(
  given: RawInput,
  inputs: EngineJob['inputs'],
): Promise<{ request: WebuiRequest; upscalers: string[] }> {
  const raw = withInlineImages(given, inputs);
  const path = 'extra-single-image';
  const body = parse(rawSchemas()[path], path, raw);
  const { resize_mode = 0, upscaling_resize: scale = LIMITS.scale.default } = body;
  const { upscaling_resize_w: width, upscaling_resize_h: height, upscaling_crop: isCropped = true } = body;
  const source = bytes(body.image);
  const original = await sizeOf(source);
  let size: ExpectedSize | null = {
    width: Math.round(original.width * scale),
    height: Math.round(original.height * scale),
    slack: UPSCALE_STEP,
  };
  if (resize_mode === 1) {
    if (width === undefined || height === undefined) {
      throw invalid('upscaling_resize_w and upscaling_resize_h must be set for resize_mode 1');
    }
    size = isCropped ? { width, height, slack: UPSCALE_STEP } : null;
  }
  return {
    request: {
      path,
      steps: 1,
      body: { ...body, resize_mode, upscaling_resize: scale },
      expected: { images: 1, size, sampling: null, sources: [source] },
    },
    upscalers: [body.upscaler_1 ?? '', body.upscaler_2 ?? ''].filter((each) => each !== '' && each !== 'None'),
  };
}
