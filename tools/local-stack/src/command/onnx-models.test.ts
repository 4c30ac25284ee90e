import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from './arguments.ts';
import { onnxPools } from './onnx-models.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'onnx-models-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const FILES = [
  'scheduler/scheduler_config.json',
  'tokenizer/vocab.json',
  'tokenizer/merges.txt',
  'text_encoder/model.onnx',
  'unet/model.onnx',
  'vae_decoder/model.onnx',
];
const XL_FILES = ['tokenizer_2/vocab.json', 'tokenizer_2/merges.txt', 'text_encoder_2/model.onnx'];

function write(
  folder: string,
  files: readonly string[],
  index: unknown = { _class_name: 'StableDiffusionPipeline' },
): void {
  for (const file of ['model_index.json', ...files]) {
    mkdirSync(dirname(join(root, folder, file)), { recursive: true });
    writeFileSync(join(root, folder, file), file === 'model_index.json' ? JSON.stringify(index) : '');
  }
}

const modelsOf = (folder: string) =>
  onnxPools(join(root, folder)).pools.map(({ engine, models }) => ({ engine, models }));

describe('the pool of a folder', () => {
  it('has a model for each folder with an index', () => {
    write('b', FILES, { text_encoder_2: [null, null] });
    write('a', [...FILES, ...XL_FILES, 'vae_encoder/model.onnx'], {
      text_encoder_2: ['transformers', 'CLIPTextModel'],
    });
    mkdirSync(join(root, 'notes'));
    expect(modelsOf('.')).toMatchObject([
      {
        engine: 'onnx',
        models: [
          { id: 'a', description: 'Stable Diffusion XL on ONNX Runtime', tasks: ['text-to-image', 'image-to-image'] },
          { id: 'b', description: 'Stable Diffusion on ONNX Runtime', tasks: ['text-to-image'] },
        ],
      },
    ]);
    expect(modelsOf('b')).toMatchObject([{ models: [{ id: 'b' }] }]);
  });

  it('names what is missing', () => {
    expect(() => onnxPools(join(root, 'nowhere'))).toThrow(
      new UsageError(`--model-dir: ${root}/nowhere is not a folder`),
    );
    expect(() => onnxPools(root)).toThrow(`neither ${root}/model_index.json nor a folder with one in ${root}`);
    write('a', FILES.slice(0, -1));
    expect(() => onnxPools(root)).toThrow(`${root}/a/vae_decoder/model.onnx is missing`);
    write('a', FILES, { text_encoder_2: ['transformers', 'CLIPTextModel'] });
    expect(() => onnxPools(root)).toThrow(`${root}/a/tokenizer_2/vocab.json is missing`);
    writeFileSync(join(root, 'a/model_index.json'), 'not json');
    expect(() => onnxPools(root)).toThrow(`${root}/a/model_index.json is not the index of a model`);
  });
});
