import { type ImageToImageInput, imageSeed, LIMITS } from '@afterimage/job-schemas';
import type { InputImage } from '../../engine.ts';
import type { Workflow } from '../workflow.ts';
import { SAMPLERS } from './samplers.ts';
import type { Template } from './template.ts';
import { NODE, promptNodes, saveNode } from './template.ts';

type Size = Template['size'];

/** The size that was asked for, or else the image's own in whole units of the model, shrunk where it is too large. */
export function targetSize(
  { width, height }: Pick<ImageToImageInput, 'width' | 'height'>,
  image: Pick<InputImage, 'width' | 'height'>,
): Size {
  if (width !== undefined && height !== undefined) return { width, height };
  const { max, min, multipleOf } = LIMITS.side;
  const factor = Math.min(1, max / Math.max(image.width, image.height));
  const toSide = (pixels: number) => Math.max(min, Math.floor((pixels * factor) / multipleOf) * multipleOf);
  return { width: toSide(image.width), height: toSide(image.height) };
}

function scaled(image: readonly [string, number], { width, height }: Size): Workflow[string] {
  const upscale_method = 'lanczos';
  return { class_type: 'ImageScale', inputs: { image, upscale_method, width, height, crop: 'center' } };
}

/** The mask as noise mask of the latent; what is black in it is taken from the image itself, which the VAE would blur. */
function maskNodes(size: Size): Workflow {
  return {
    'mask-file': { class_type: 'LoadImageMask', inputs: { image: '{{mask}}', channel: 'red' } },
    'mask-image': { class_type: 'MaskToImage', inputs: { mask: ['mask-file', 0] } },
    'mask-scaled': scaled(['mask-image', 0], size),
    mask: { class_type: 'ImageToMask', inputs: { image: ['mask-scaled', 0], channel: 'red' } },
    masked: { class_type: 'SetLatentNoiseMask', inputs: { samples: ['latent', 0], mask: ['mask', 0] } },
    composite: {
      class_type: 'ImageCompositeMasked',
      inputs: {
        destination: ['image', 0],
        source: ['decode', 0],
        x: 0,
        y: 0,
        resize_source: false,
        mask: ['mask', 0],
      },
    },
  };
}

/** The workflow of picture `index` (from 0) of an image that was fetched as `image`, and its mask as `mask`. */
export function imageToImage(
  input: ImageToImageInput,
  image: Pick<InputImage, 'width' | 'height'>,
  checkpoint: string,
  index: number,
): Template {
  const { steps, guidance, sampler, strength } = input;
  const seed = imageSeed(input.seed, index);
  const size = targetSize(input, image);
  const isMasked = input.mask !== undefined;
  return {
    seed,
    size,
    sampler: { node: NODE.sampler, steps },
    workflow: {
      ...promptNodes(checkpoint, input),
      'image-file': { class_type: 'LoadImage', inputs: { image: '{{image}}' } },
      image: scaled(['image-file', 0], size),
      latent: { class_type: 'VAEEncode', inputs: { pixels: ['image', 0], vae: [NODE.model, 2] } },
      ...(isMasked ? maskNodes(size) : {}),
      [NODE.sampler]: {
        class_type: 'KSampler',
        inputs: {
          model: [NODE.model, 0],
          positive: [NODE.positive, 0],
          negative: [NODE.negative, 0],
          latent_image: [isMasked ? 'masked' : 'latent', 0],
          seed,
          steps,
          cfg: guidance,
          ...SAMPLERS[sampler],
          denoise: strength,
        },
      },
      decode: { class_type: 'VAEDecode', inputs: { samples: [NODE.sampler, 0], vae: [NODE.model, 2] } },
      ...saveNode([isMasked ? 'composite' : 'decode', 0]),
    },
  };
}
