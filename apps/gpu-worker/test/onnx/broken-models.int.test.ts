import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogFields } from '@afterimage/telemetry';
import { silentLog } from '@afterimage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelFiles, type ModelOptions } from '@afterimage/model-fixture';
import { FolderModelStore } from '../../src/engines/onnx/store/folder-model-store.ts';
import { aJobOf, anImage, collect, imageToImage, OnnxWorld, textToImage } from './support.ts';

let world: OnnxWorld;
let directory: string;
beforeEach(() => {
  world = new OnnxWorld();
  directory = world.write('sd');
});
afterEach(() => world.stop());

function replace(file: string, options: ModelOptions, from = file): void {
  writeFileSync(join(directory, file), modelFiles({ channels: 8, ...options })[from] ?? '');
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(join(directory, file), change(readFileSync(join(directory, file), 'utf8')));
}

async function failure(): Promise<unknown> {
  return collect(world.engine(), aJobOf(textToImage())).then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe('a broken model', () => {
  it.each([
    ['unet/model.onnx', () => rmSync(join(directory, 'unet/model.onnx')), 'the file is missing'],
    ['tokenizer/merges.txt', () => rmSync(join(directory, 'tokenizer/merges.txt')), 'the file is missing'],
    ['model_index.json', () => writeFileSync(join(directory, 'model_index.json'), '{'), 'is not JSON'],
    [
      'model_index.json',
      () =>
        edit(
          'model_index.json',
          () => '{"_class_name":"FluxPipeline","transformer":["diffusers","FluxTransformer2DModel"]}',
        ),
      'is of a FluxPipeline; this engine runs Stable Diffusion',
    ],
    [
      'model_index.json',
      () => edit('model_index.json', (text) => text.replace('{', '{"requires_aesthetics_score": true,')),
      'is of a refiner',
    ],
    [
      'scheduler/scheduler_config.json',
      () => edit('scheduler/scheduler_config.json', (text) => text.replace('scaled_linear', 'sigmoid')),
      'beta_schedule',
    ],
    [
      'tokenizer/vocab.json',
      () => edit('tokenizer/vocab.json', () => '{"a": 0}'),
      'the vocabulary has no <|startoftext|>',
    ],
    ['unet/model.onnx', () => truncateSync(join(directory, 'unet/model.onnx'), 5000), 'Protobuf parsing failed'],
    ['unet/model.onnx', () => writeFileSync(join(directory, 'unet/model.onnx'), 'no graph'), 'Protobuf parsing failed'],
    [
      'unet/model.onnx',
      () => replace('unet/model.onnx', { family: 'sdxl' }),
      'has the input text_embeds, time_ids, which this engine does not know',
    ],
    [
      'unet/model.onnx',
      () => replace('unet/model.onnx', {}, 'vae_encoder/model.onnx'),
      'the input timestep, encoder_hidden_states is missing',
    ],
    [
      'vae_decoder/model.onnx',
      () => replace('vae_decoder/model.onnx', {}, 'unet/model.onnx'),
      'the input latent_sample is missing',
    ],
  ])('is told by its file: %s', async (file, breakIt, what) => {
    breakIt();
    expect(await failure()).toMatchObject({
      name: 'EngineError',
      code: 'model_load_failed',
      isRetryable: false,
      message: expect.stringMatching(
        new RegExp(`^${join(directory, file)}: .*${what.replaceAll('|', String.raw`\|`)}`),
      ),
    });
  });

  it('is told by the files whose sizes do not go together', async () => {
    const xl = world.write('xl', { family: 'sdxl' });
    const other = modelFiles({ channels: 8 })['text_encoder/model.onnx'] ?? '';
    writeFileSync(join(xl, 'text_encoder/model.onnx'), other);
    await expect(collect(world.engine(), aJobOf(textToImage(), { model: 'xl' }))).rejects.toThrow(
      `${xl}/text_encoder/model.onnx: the outputs hidden_states.0, hidden_states.1, … are missing`,
    );
  });

  it('is left out of the list, and the others are not', async () => {
    world.write('other');
    rmSync(join(directory, 'unet'), { recursive: true });
    const lines: LogFields[] = [];
    const log = { ...silentLog, error: (_message: string, fields?: LogFields) => void lines.push(fields ?? {}) };
    const store = new FolderModelStore(world.folder, { log });
    expect(await store.list(new AbortController().signal)).toMatchObject([{ id: 'other' }]);
    expect(lines).toMatchObject([
      { directory, error: { message: `${directory}/unet/model.onnx: the file is missing` } },
    ]);
  });

  it('has no image-to-image without an encoder, and the encoder alone is missed by it', async () => {
    rmSync(join(directory, 'vae_encoder'), { recursive: true });
    const engine = world.engine();
    expect(await engine.listModels(new AbortController().signal)).toEqual([{ id: 'sd', tasks: ['text-to-image'] }]);
    const job = aJobOf(imageToImage(), { inputs: { image: await anImage(64, 64) } });
    await expect(collect(engine, job)).rejects.toThrow(`${directory}/vae_encoder/model.onnx: `);
    expect((await collect(engine, aJobOf(textToImage()))).images).toHaveLength(1);
  });

  it('makes nothing of numbers that overflow', async () => {
    // The scale of latents, so small that what is divided by it is beyond the largest 16-bit number.
    const half = world.write('half', { precision: 'float16' });
    writeFileSync(
      join(half, 'vae_decoder/config.json'),
      '{"scaling_factor": 1e-30, "block_out_channels": [8, 8, 8, 8]}',
    );
    await expect(collect(world.engine(), aJobOf(textToImage(), { model: 'half' }))).rejects.toMatchObject({
      code: 'bad_output',
      message: `${half}/vae_decoder/model.onnx made numbers that are not finite`,
    });
  });
});

describe('a folder of models', () => {
  it('may be a model itself', async () => {
    const store = new FolderModelStore(directory, { log: silentLog });
    const { signal } = new AbortController();
    expect(await store.list(signal)).toMatchObject([{ id: 'sd' }]);
    expect(await store.open('sd', signal)).toBe(directory);
  });

  it.each(['../sd', '.', '', 'sd/unet', '/etc'])('has no model %j', async (id) => {
    const store = new FolderModelStore(world.folder, { log: silentLog });
    await expect(store.open(id, new AbortController().signal)).rejects.toThrow(
      `${world.folder}: there is no model ${id}`,
    );
  });

  it('is named when it cannot be read', async () => {
    const engine = world.engine({ models: new FolderModelStore('/nowhere/models', { log: silentLog }) });
    await expect(engine.probe(new AbortController().signal)).rejects.toThrow(
      '/nowhere/models: the folder of models cannot be read',
    );
  });

  it('with no model in it is not ready', async () => {
    rmSync(directory, { recursive: true });
    expect(await world.engine().probe(new AbortController().signal)).toMatchObject({ alive: true, ready: false });
  });
});

describe('memory', () => {
  it('that is too small for a model is told with both sizes', async () => {
    await expect(collect(world.engine({ memoryBytes: 1000 }), aJobOf(textToImage()))).rejects.toMatchObject({
      code: 'out_of_memory',
      isRetryable: false,
      message: expect.stringMatching(/^.*\/sd: its networks take 0\.00 GB, more than the 0\.00 GB for models$/),
    });
  });
});
