import type { ImageToImageInput, Task, TextToImageInput, UpscaleInput } from '@afterimage/job-schemas';
import { imageSeed, LIMITS } from '@afterimage/job-schemas';
import sharp from 'sharp';
import type { EngineJob, InputImage } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import type { Checkpoint } from './checkpoints.ts';
import type { Dialect } from './dialect.ts';
import { samplerFields } from './samplers.ts';
import type { WebuiRequest } from './webui-request.ts';

export const TASKS = ['text-to-image', 'image-to-image', 'upscale'] as const satisfies readonly Task[];

/** What requests of a job are made of beside its input. */
export interface RequestContext {
  readonly job: EngineJob;
  readonly dialect: Dialect;
  readonly checkpoint: Checkpoint;
}

export function invalid(message: string, cause?: unknown): EngineError {
  return new EngineError('input_invalid', message, { isRetryable: false, cause });
}

export function inputImage({ inputs }: EngineJob, name: string): InputImage {
  const image = inputs.get(name);
  if (image === undefined) throw invalid(`the image "${name}" is missing`);
  return image;
}

export function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

/** Runs of seeds that go up by one: the server counts on above 2^32 - 1 where this project starts at 0 again. */
function seedRuns(seed: number, images: number): number[][] {
  const seeds = Array.from({ length: images }, (_, index) => imageSeed(seed, index));
  const wrapsAt = seeds.indexOf(0, 1);
  return wrapsAt === -1 ? [seeds] : [seeds.slice(0, wrapsAt), seeds.slice(wrapsAt)];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Sampling {
  readonly input: TextToImageInput | ImageToImageInput;
  readonly path: 'txt2img' | 'img2img';
  readonly size: Size;
  readonly images?: Readonly<Record<string, unknown>>;
  readonly sources: readonly Uint8Array[];
}

function samplingRequests({ dialect, checkpoint }: RequestContext, sampling: Sampling): WebuiRequest[] {
  const { input, path, size, images = {}, sources } = sampling;
  const { options, ...sampler } = samplerFields(input.sampler, dialect);
  return seedRuns(input.seed, input.images).map((seeds) => ({
    path,
    steps: input.steps,
    body: {
      prompt: input.prompt,
      negative_prompt: input.negativePrompt,
      seed: seeds[0],
      // One image at a time: the memory that a job needs does not depend on how many images it is for.
      batch_size: 1,
      n_iter: seeds.length,
      steps: input.steps,
      cfg_scale: input.guidance,
      ...size,
      ...sampler,
      ...images,
      override_settings: { ...options, sd_model_checkpoint: checkpoint.title },
      // Restoring loads the model of before again, after every job.
      override_settings_restore_afterwards: false,
      send_images: true,
      save_images: false,
    },
    expected: {
      images: seeds.length,
      size: { ...size, slack: 1 },
      sampling: { seeds, sampler: sampler.sampler_name, checkpoint },
      sources,
    },
  }));
}

export function textToImageRequests(context: RequestContext, input: TextToImageInput): WebuiRequest[] {
  const { width, height } = input;
  return samplingRequests(context, { input, path: 'txt2img', size: { width, height }, sources: [] });
}

const { min, max, multipleOf } = LIMITS.side;

/** The size of the image, smaller where it is beyond the limits, in steps that the engine can make. */
function sizeLike({ width, height }: InputImage): Size {
  const shrink = Math.min(1, max / Math.max(width, height));
  const fit = (side: number) => Math.max(min, Math.floor((side * shrink) / multipleOf) * multipleOf);
  return { width: fit(width), height: fit(height) };
}

/** Brought to size here, since the dialects mean different things by their modes of resizing. */
async function resized(image: InputImage, { width, height }: Size): Promise<string> {
  if (image.width === width && image.height === height) return base64(image.data);
  try {
    return base64(await sharp(image.data).autoOrient().resize(width, height, { fit: 'fill' }).png().toBuffer());
  } catch (cause) {
    throw invalid('the image cannot be read', cause);
  }
}

/** The server takes the transparency of a mask for the mask where there is any, so there must be none. */
async function plainMask(mask: InputImage, image: InputImage, { width, height }: Size): Promise<string> {
  if (mask.width !== image.width || mask.height !== image.height) {
    throw invalid(
      `the mask is ${mask.width}x${mask.height}, but must be as large as the image, ${image.width}x${image.height}`,
    );
  }
  try {
    const plain = sharp(mask.data).autoOrient().flatten({ background: 'black' }).toColourspace('b-w');
    return base64(await plain.resize(width, height, { fit: 'fill' }).png().toBuffer());
  } catch (cause) {
    throw invalid('the mask cannot be read', cause);
  }
}

const ORIGINAL_FILL = 1;

export async function imageToImageRequests(context: RequestContext, input: ImageToImageInput): Promise<WebuiRequest[]> {
  const { job } = context;
  const image = inputImage(job, 'image');
  const size =
    input.width === undefined || input.height === undefined
      ? sizeLike(image)
      : { width: input.width, height: input.height };
  const inpainting =
    input.mask === undefined
      ? {}
      : {
          mask: await plainMask(inputImage(job, 'mask'), image, size),
          inpainting_fill: ORIGINAL_FILL,
          // The whole picture is painted, not just the masked part at full size: the size stays what was asked for.
          inpaint_full_res: false,
          inpainting_mask_invert: 0,
        };
  const images = {
    init_images: [await resized(image, size)],
    denoising_strength: input.strength,
    resize_mode: 0,
    include_init_images: false,
    ...inpainting,
  };
  return samplingRequests(context, { input, path: 'img2img', size, images, sources: [image.data] });
}

/** Upscalers round each side down to a multiple of this. */
export const UPSCALE_STEP = 8;

export function upscaleRequest(job: EngineJob, { scale }: UpscaleInput, upscaler: string): WebuiRequest {
  const image = inputImage(job, 'image');
  return {
    path: 'extra-single-image',
    steps: 1,
    body: { image: base64(image.data), resize_mode: 0, upscaling_resize: scale, upscaler_1: upscaler },
    expected: {
      images: 1,
      size: { width: Math.round(image.width * scale), height: Math.round(image.height * scale), slack: UPSCALE_STEP },
      sampling: null,
      sources: [image.data],
    },
  };
}
