import { acceptedInputSchemas, samplerSchema } from '@afterimage/job-schemas';
import { nodeCatalogue } from '@afterimage/testing/fake-comfyui';
import { describe, expect, it } from 'vitest';
import { checkWorkflow } from '../check-workflow.ts';
import { objectInfoSchema } from '../comfy-schemas.ts';
import { imageToImage, targetSize } from './image-to-image.ts';
import { textToImage } from './text-to-image.ts';
import { upscale } from './upscale.ts';

const files = { checkpoints: ['m.safetensors'], upscalers: ['u.pth'], inputs: [] };
const nodes = objectInfoSchema.parse(nodeCatalogue(true, files));
const images = new Set(['image', 'mask']);
const sampling = { prompt: 'a cat', seed: 1 };
const url = { url: 'https://example.com/a.png' };

describe('the templates', () => {
  it.each(samplerSchema.options)('ask for a sampler that the server has: %s', (sampler) => {
    const input = acceptedInputSchemas['text-to-image'].parse({ ...sampling, sampler });

    expect(checkWorkflow(textToImage(input, 'm.safetensors', 0).workflow, nodes, images)).toEqual([]);
  });

  it.each([[{}], [{ mask: url }]])('make good workflows of an image, with and without a mask: %j', (extra) => {
    const input = acceptedInputSchemas['image-to-image'].parse({ ...sampling, image: url, strength: 0.4, ...extra });
    const { workflow } = imageToImage(input, { width: 64, height: 64 }, 'm.safetensors', 2);

    expect(checkWorkflow(workflow, nodes, images)).toEqual([]);
    expect(workflow['sampler']?.inputs).toMatchObject({ denoise: 0.4, seed: 3 });
  });

  it.each([undefined, 'u.pth'])('make good workflows of an upscale with %s', (upscaler) => {
    expect(checkWorkflow(upscale({ scale: 2 }, { width: 9, height: 9 }, upscaler).workflow, nodes, images)).toEqual([]);
  });
});

describe('targetSize', () => {
  it.each([
    [
      { width: 512, height: 256 },
      { width: 9, height: 9 },
      { width: 512, height: 256 },
    ],
    [{}, { width: 519, height: 512 }, { width: 512, height: 512 }],
    [{}, { width: 4096, height: 2048 }, { width: 2048, height: 1024 }],
    [{}, { width: 20, height: 100 }, { width: 64, height: 96 }],
  ])('of %j for %j is %j', (asked, image, size) => {
    expect(targetSize({ width: undefined, height: undefined, ...asked }, image)).toEqual(size);
  });
});
