import { acceptedInputSchemas } from '@afterimage/job-schemas';
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
    expect(embedParameters(facts)).toBe(
      'a cat,\nwet\nNegative prompt: dogs\nSteps: 30, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 43, Size: 512x768, Model: sketch-1, Version: afterimage 0.1.0',
    );
  });

  it('has no line for an empty negative prompt', () => {
    expect(embedParameters({ ...facts, request: { ...request, input: { ...input, negativePrompt: '' } } })).toMatch(
      /^a cat,\nwet\nSteps: 30, /,
    );
  });

  it('quotes values with separators', () => {
    expect(embedParameters({ ...facts, model: 'a, b: c' })).toContain(', Model: "a, b: c", ');
  });
});
