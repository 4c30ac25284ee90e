import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFiles, type ModelOptions, writeModel } from './write-model.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'model-fixture-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The binding takes 16-bit floats as their bits, in an array that has no other type. */
function halves(count: number, dims: readonly number[]): Tensor {
  const bits = new Uint16Array(Float16Array.from({ length: count }, () => 0.5).buffer);
  return Object.defineProperty(new Tensor('uint16', bits, dims), 'type', { value: 'float16' });
}

function constants(type: string, dims: readonly number[]): Tensor {
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (type === 'int64') return new Tensor('int64', new BigInt64Array(count), dims);
  if (type === 'int32') return new Tensor('int32', new Int32Array(count), dims);
  if (type === 'float16') return halves(count, dims);
  return new Tensor('float32', new Float32Array(count).fill(0.5), dims);
}

const SIZES: Readonly<Record<string, number>> = {
  batch_size: 2,
  guidance_size: 32,
  sequence_length: 77,
  height: 16,
  width: 24,
  latent_height: 8,
  latent_width: 12,
  steps: 1,
};

/** Runs a part of the model on inputs of one value; yields the sizes of its outputs, after a look at their numbers. */
async function outputsOf(file: string, channels: number): Promise<Record<string, readonly number[]>> {
  const sizes: Readonly<Record<string, number>> = { ...SIZES, num_channels: channels };
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
  const feeds = session.inputMetadata.map((each): [string, Tensor] => {
    if (!each.isTensor) throw new Error(`${each.name} is no tensor`);
    return [
      each.name,
      constants(
        each.type,
        each.shape.map((dim) => (typeof dim === 'number' ? dim : (sizes[dim] ?? 1))),
      ),
    ];
  });
  const outputs = await session.run(Object.fromEntries(feeds));
  await session.release();
  for (const { data } of Object.values(outputs)) {
    const values = [...data].map(Number);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(1);
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, { dims }]) => [name, dims]));
}

const sd = {
  text_encoder: { last_hidden_state: [2, 77, 48], pooler_output: [2, 48] },
  unet: { out_sample: [2, 4, 16, 24] },
  vae_decoder: { sample: [2, 3, 64, 96] },
  vae_encoder: { latent_sample: [2, 4, 2, 3] },
};
const states = { 'hidden_states.0': [2, 77, 48], 'hidden_states.1': [2, 77, 48], 'hidden_states.2': [2, 77, 48] };
const sdxl = {
  ...sd,
  text_encoder: { ...sd.text_encoder, ...states },
  text_encoder_2: { last_hidden_state: [2, 77, 48], text_embeds: [2, 48], ...states },
  vae_encoder: { latent_parameters: [2, 8, 2, 3] },
};

describe('a model', () => {
  it.each([
    ['sd', {}, sd],
    ['sd of 16 bits', { precision: 'float16' }, sd],
    ['sdxl', { family: 'sdxl' }, sdxl],
    ['sdxl of 16 bits', { family: 'sdxl', precision: 'float16' }, sdxl],
    ['for inpainting', { isInpainting: true }, sd],
    ['that takes the guidance', { hasGuidanceInput: true }, sd],
  ] satisfies [string, ModelOptions, object][])('%s runs', async (name, options, expected) => {
    writeModel(join(folder, name), options);
    const channels = 'isInpainting' in options ? 9 : 4;
    const found = Object.keys(expected).map(async (part) => [
      part,
      await outputsOf(join(folder, name, part, 'model.onnx'), channels),
    ]);
    expect(Object.fromEntries(await Promise.all(found))).toEqual(expected);
  });

  it('is of the same bytes for the same seed, and of others for another', () => {
    const weights = (options: ModelOptions) => modelFiles(options)['unet/model.onnx'];
    expect(weights({ seed: 3 })).toEqual(weights({ seed: 3 }));
    expect(weights({ seed: 4 })).not.toEqual(weights({ seed: 3 }));
  });

  it('is of a few megabytes', () => {
    const bytes = Object.values(modelFiles({ family: 'sdxl' })).reduce((sum, file) => sum + file.length, 0);
    expect(bytes).toBeLessThan(5e6);
  });
});
