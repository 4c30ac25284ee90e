import type { ImageToImageInput } from '@afterimage/job-schemas';
import { LIMITS } from '@afterimage/job-schemas';
import sharp from 'sharp';
import type { EngineJob, InputImage } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import type { PictureOrder, Pixels } from './pipeline/picture-order.ts';

function invalid(message: string, cause?: unknown): EngineError {
  return new EngineError('input_invalid', message, { isRetryable: false, cause });
}

const { min, max, multipleOf } = LIMITS.side;

/** The size that was asked for, or the image's own: smaller where it is beyond the limits, in steps that a job could ask for. */
export function pictureSize({ width, height }: ImageToImageInput, image: InputImage) {
  if (width !== undefined && height !== undefined) return { width, height };
  const shrink = Math.min(1, max / Math.max(image.width, image.height));
  const fit = (side: number) => Math.max(min, Math.floor((side * shrink) / multipleOf) * multipleOf);
  return { width: fit(image.width), height: fit(image.height) };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

async function decoded(image: InputImage, name: string, { width, height }: Size, isMask: boolean): Promise<Pixels> {
  const whole = sharp(image.data).autoOrient().flatten({ background: 'black' });
  const colored = isMask ? whole.toColourspace('b-w') : whole.toColourspace('srgb');
  try {
    const { data, info } = await colored
      .resize(width, height, { fit: 'fill' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const channels = isMask ? 1 : 3;
    if (info.channels !== channels) throw new Error(`it has ${info.channels} channels instead of ${channels}`);
    return { width, height, data };
  } catch (cause) {
    throw invalid(`input.${name} cannot be read`, cause);
  }
}

/** What a picture of this job begins as, in the picture's size. @throws EngineError `input_invalid` */
export async function readInputPictures(
  { inputs }: EngineJob,
  input: ImageToImageInput,
): Promise<NonNullable<PictureOrder['from']>> {
  const image = inputs.get('image');
  if (image === undefined) throw invalid('input.image is missing');
  const size = pictureSize(input, image);
  const pixels = await decoded(image, 'image', size, false);
  if (input.mask === undefined) return { image: pixels, strength: input.strength };
  const mask = inputs.get('mask');
  if (mask === undefined) throw invalid('input.mask is missing');
  return { image: pixels, mask: await decoded(mask, 'mask', size, true), strength: input.strength };
}
