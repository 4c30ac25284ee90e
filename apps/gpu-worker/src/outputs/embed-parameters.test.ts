import { acceptedInputSchemas, type TaskInput } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { embedParameters } from './embed-parameters.ts';

const input = acceptedInputSchemas['text-to-image'].parse({
  prompt: 'a cat,\nwet',
  seed: 42,
  negativePrompt: 'dogs',
  steps: 30,
  sampler: 'dpmpp_2m_karras',
});
const request = { kind: 'text-to-image', input } as const;
const facts = { request, model: 'sketch-1', seed: 43, width: 512, height: 768, version: '0.1.0' };

describe('embedParameters', () => {
  it('writes what the web UI writes', () => {
    expect(embedParameters(facts).parameters).toBe(
      'a cat,\nwet\nNegative prompt: dogs\nSteps: 30, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 43, Size: 512x768, Model: sketch-1, Version: afterimage 0.1.0',
    );
  });

  it('has no line for an empty negative prompt', () => {
    expect(
      embedParameters({ ...facts, request: { ...request, input: { ...input, negativePrompt: '' } } }).parameters,
    ).toMatch(/^a cat,\nwet\nSteps: 30, /);
  });

  it('quotes values with separators', () => {
    expect(embedParameters({ ...facts, model: 'a, b: c' }).parameters).toContain(', Model: "a, b: c", ');
  });

  it('tells what image-to-image and upscale add', () => {
    const image = { uploadId: 'upl_0' };
    const { width: _, height: __, ...sampling } = input;
    const changed: TaskInput = { kind: 'image-to-image', input: { ...sampling, image, strength: 0.6 } };
    const upscaled: TaskInput = { kind: 'upscale', input: { image, scale: 2, upscaler: 'R-ESRGAN 4x+' } };

    expect(embedParameters({ ...facts, request: changed }).parameters).toContain(', Denoising strength: 0.6, Seed: 43');
    expect(embedParameters({ ...facts, request: upscaled, seed: null }).parameters).toMatch(
      /^Postprocess upscale by: 2, Postprocess upscaler: R-ESRGAN 4x\+, Size: 512x768, Model: /,
    );
  });

  it('has the workflow as ComfyUI writes it', () => {
    const workflow = { '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a café, 猫\n' } } };

    const text = embedParameters({
      ...facts,
      request: { kind: 'workflow', input: { workflow, images: {} } },
      seed: null,
    });

    expect(text.parameters).toBe('Size: 512x768, Model: sketch-1, Version: afterimage 0.1.0');
    expect(JSON.parse(text.prompt ?? '')).toEqual(workflow);
    expect(embedParameters(facts)).not.toHaveProperty('prompt');
  });
});
