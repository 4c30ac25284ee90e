import { imageSeed, type TextToImageInput } from '@afterimage/job-schemas';
import { SAMPLERS } from './samplers.ts';
import type { Template } from './template.ts';
import { NODE, promptNodes, saveNode } from './template.ts';

/** The workflow of picture `index` (from 0). A prompt for each: in a batch only the first picture has the seed that was asked for. */
export function textToImage(input: TextToImageInput, checkpoint: string, index: number): Template {
  const { steps, guidance, sampler, width, height } = input;
  const seed = imageSeed(input.seed, index);
  return {
    seed,
    size: { width, height },
    sampler: { node: NODE.sampler, steps },
    workflow: {
      ...promptNodes(checkpoint, input),
      latent: { class_type: 'EmptyLatentImage', inputs: { width, height, batch_size: 1 } },
      [NODE.sampler]: {
        class_type: 'KSampler',
        inputs: {
          model: [NODE.model, 0],
          positive: [NODE.positive, 0],
          negative: [NODE.negative, 0],
          latent_image: ['latent', 0],
          seed,
          steps,
          cfg: guidance,
          ...SAMPLERS[sampler],
          denoise: 1,
        },
      },
      decode: { class_type: 'VAEDecode', inputs: { samples: [NODE.sampler, 0], vae: [NODE.model, 2] } },
      ...saveNode(['decode', 0]),
    },
  };
}
