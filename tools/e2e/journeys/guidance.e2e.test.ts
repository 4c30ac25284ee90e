import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeComfyUi } from '@afterimage/testing/fake-comfyui';
import { startFakeSdWebui } from '@afterimage/testing/fake-sdwebui';
import { startImageServer } from '@afterimage/testing/image-server';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followLegacyResults, type LegacyResults } from '../src/legacy-results.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

const SAMPLED = ['text-to-image', 'image-to-image', 'upscale'];

interface Place {
  readonly test: TestStack;
  readonly results: LegacyResults;
  stop(): Promise<void>;
}

/** A stack with one pool, and a client of the guidance that listens to its topic. */
async function startPlace(pool: object, env: Record<string, string> = {}): Promise<Place> {
  const directory = mkdtempSync(join(tmpdir(), 'afterimage-guidance-'));
  const poolsFile = join(directory, 'pools.json');
  writeFileSync(poolsFile, JSON.stringify({ pools: [pool] }));
  const test = await startTestStack({ poolsFile, env: { 'gpu-worker': env } });
  const results = await followLegacyResults(test.stack);
  const stop = async () => {
    results.stop();
    await test.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { test, results, stop };
}

/** A request as the guidance's clients make it: its key in `x-api-key`, and whatever media type `curl -d` sends. */
async function post({ test }: Place, path: string, body: object): Promise<{ status: number; text: string }> {
  const response = await fetch(new URL(path, test.stack.apiUrl), {
    method: 'POST',
    headers: { 'x-api-key': test.stack.apiKey, 'content-type': 'application/x-www-form-urlencoded' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  return { status: response.status, text: await response.text() };
}

const aTask = (metadata: object, content: object) => ({
  task: { metadata: { runtime: 'sdruntime', prefix: 'output', context: '', ...metadata }, content },
});

const at = (prefix: string, id: string) => `s3://outputs/outputs/local/legacy/${prefix}/${id}`;

/** Holds what a task left behind to the guidance's shapes, to the byte where there is one. */
async function checkCompleted(place: Place, id: string, prefix: string, runtime: string, context: unknown) {
  const text = await place.results.callback(id, 'completed');
  const { image_url, output_url } = JSON.parse(text);
  const result = { runtime, id, result: true, status: 'completed', image_url, output_url, context };
  expect(text).toBe(JSON.stringify(result));
  const stem = String(output_url).replace(/\.out$/, '');
  expect(stem.replace(/[0-9a-f]{4}$/, '')).toBe(`${at(prefix, id)}/${id}-`);
  const job = await place.test.client.terminal(id);
  expect(image_url).toEqual(job.outputs.map(({ index }) => `${stem}-${index + 1}.png`));
  for (const [index, address] of image_url.entries()) {
    expect(await place.results.object(address)).toEqual(await place.test.client.content(id, index));
  }
  const keys = await place.test.objects(`outputs/local/legacy/${prefix}/${id}/`);
  expect(keys.map((key) => `s3://outputs/${key}`).sort()).toEqual([...image_url, output_url].sort());
  return { job, out: JSON.parse((await place.results.object(output_url)).toString()) };
}

describe('the requests of the AWS guidance, on SD WebUI', () => {
  let place: Place;
  let fake: Awaited<ReturnType<typeof startFakeSdWebui>>;
  let images: Awaited<ReturnType<typeof startImageServer>>;
  let cat: Buffer;

  beforeAll(async () => {
    cat = await sharp({ create: { width: 128, height: 64, channels: 3, background: '#c84' } })
      .png()
      .toBuffer();
    [fake, images] = await Promise.all([startFakeSdWebui({ dialect: 'a1111' }), startImageServer(cat)]);
    const pool = { name: 'sdruntime', engine: 'sdwebui', models: [{ id: 'dreamshaper', tasks: SAMPLED }] };
    place = await startPlace(pool, { ENGINE_URL: fake.url, ENGINE_POLL_INTERVAL_MS: '50', ...images.env });
  });
  afterAll(async () => {
    await place?.stop();
    await Promise.all([fake?.stop(), images?.stop()]);
  });

  it('text-to-image', async () => {
    const content = { alwayson_scripts: {}, prompt: 'A dog', steps: 16, width: 64, height: 64, n_iter: 2, seed: 7 };
    const task = aTask({ id: 'test-t2i', tasktype: 'text-to-image' }, content);

    const answer = await post(place, '/v1alpha2', task);

    const accepted = { id: 'test-t2i', runtime: 'sdruntime', output_location: at('output', 'test-t2i') };
    expect(answer).toEqual({ status: 200, text: JSON.stringify(accepted) });
    expect(await place.results.callback('test-t2i', 'running')).toBe(
      JSON.stringify({ runtime: 'sdruntime', id: 'test-t2i', status: 'running', context: '' }),
    );
    const { out } = await checkCompleted(place, 'test-t2i', 'output', 'sdruntime', '');
    expect(out).toEqual({
      images: [''],
      parameters: { ...content, id_task: 'test-t2i', image_seed: '7,8', error_msg: '' },
      info: '',
    });
    expect(fake.generations.at(-1)).toMatchObject({ path: 'txt2img', body: { prompt: 'A dog', steps: 16, n_iter: 2 } });
    expect(await post(place, '/v1alpha2/task', task)).toEqual(answer);
  });

  it('image-to-image, its image by URL', async () => {
    const content = { alwayson_scripts: {}, init_images: [images.url], prompt: 'cat wizard', width: 128, height: 64 };
    const context = { order: 17 };

    await post(place, '/v1alpha2/task', aTask({ id: 'test-i2i', tasktype: 'image-to-image', context }, content));

    const { out } = await checkCompleted(place, 'test-i2i', 'output', 'sdruntime', context);
    expect(out.parameters).toMatchObject({ prompt: 'cat wizard', init_images: [null], id_task: 'test-i2i' });
    const { path, body } = fake.generations.at(-1) ?? {};
    expect(path).toBe('img2img');
    expect(body?.['init_images']).toEqual([cat.toString('base64')]);
  });

  it('extra-single-image, its image in the request', async () => {
    const content = { image: cat.toString('base64'), upscaling_resize: 2 };
    await post(
      place,
      '/v1alpha2/task',
      aTask({ id: 'test-up', tasktype: 'extra-single-image', prefix: 'a/b/' }, content),
    );

    const { job, out } = await checkCompleted(place, 'test-up', 'a/b', 'sdruntime', '');
    expect(job.outputs).toMatchObject([{ width: 256, height: 128 }]);
    expect(out).toEqual({ images: [''], parameters: { html_info: '', id_task: 'test-up', error_msg: '' }, info: '' });
    expect(fake.generations.at(-1)?.body['image']).toBe(cat.toString('base64'));
  });

  it('the older form, with the image among the scripts', async () => {
    const scripts = { task: 'image-to-image', image_link: images.url, id_task: 'old-i2i', save_dir: 'outputs' };
    const alwayson_scripts = { ...scripts, sd_model_checkpoint: 'dreamshaper.safetensors' };

    const { status, text } = await post(place, '/v1alpha1', {
      alwayson_scripts,
      prompt: 'cat wizard',
      width: 128,
      height: 64,
    });

    const accepted = {
      id_task: 'old-i2i',
      sd_model_checkpoint: 'dreamshaper.safetensors',
      output_location: at('outputs', 'old-i2i'),
    };
    expect({ status, text }).toEqual({ status: 200, text: JSON.stringify(accepted) });
    await checkCompleted(place, 'old-i2i', 'outputs', 'sdruntime', {});
  });

  it('a job that fails says why, and its retry calls back under the same id', async () => {
    const content = {
      init_images: ['https://169.254.169.254/latest/meta-data'],
      prompt: 'cat wizard',
      width: 128,
      height: 64,
    };
    await post(place, '/v1alpha2/task', aTask({ id: 'test-lost', tasktype: 'image-to-image' }, content));

    const { result, image_url, output_url } = JSON.parse(await place.results.callback('test-lost', 'failed'));

    expect({ result, image_url }).toEqual({ result: false, image_url: [] });
    const { parameters } = JSON.parse((await place.results.object(output_url)).toString());
    expect(parameters).toMatchObject({ id_task: 'test-lost', status: 0, reason: { code: 'input_fetch_failed' } });
    expect(parameters.error_msg).toContain('input.images.image cannot be fetched');
    const first = await place.test.client.get('test-lost');
    const retry = await place.test.client.call('/v1/jobs/test-lost/retry', { method: 'POST' });
    expect(retry).toMatchObject({ status: 202, json: { retryOf: first.id } });
    const again = JSON.parse(await place.results.callback('test-lost', 'failed', 2));
    expect(again).toMatchObject({ runtime: 'sdruntime', id: 'test-lost', result: false });
    expect(again.output_url).not.toBe(output_url);
  });

  it('a job is erased with all of its files, by the id of its client', async () => {
    await post(
      place,
      '/v1alpha2/task',
      aTask({ id: 'test-gone', tasktype: 'text-to-image' }, { prompt: 'A dog', width: 64, height: 64 }),
    );
    await place.results.callback('test-gone', 'completed');

    expect((await place.test.client.call('/v1/jobs/test-gone', { method: 'DELETE' })).status).toBe(204);

    expect(await place.test.objects('outputs/local/legacy/output/test-gone/')).toEqual([]);
    expect((await place.test.client.call('/v1/jobs/test-gone')).status).toBe(404);
  });

  it('what is wrong is a 400 with its cause before anything is accepted', async () => {
    const task = aTask({ id: 'test-bad', tasktype: 'text-to-image', runtime: 'other' }, { prompt: 'A dog' });

    const { status, text } = await post(place, '/v1alpha2/task', task);

    expect({ status, ...JSON.parse(text) }).toMatchObject({
      status: 400,
      code: 'malformed-request',
      detail: 'Incorrect payload structure, task.metadata.runtime must be one of sdruntime here, got "other"',
      errors: [{ pointer: '#/task/metadata/runtime', limit: ['sdruntime'] }],
    });
    expect((await place.test.client.call('/v1/jobs/test-bad')).status).toBe(404);
  });
});

describe('the pipeline of the AWS guidance, on ComfyUI', () => {
  let place: Place;
  let fake: Awaited<ReturnType<typeof startFakeComfyUi>>;

  beforeAll(async () => {
    fake = await startFakeComfyUi({ version: 'new', checkpoints: ['v2-1_768-ema-pruned.safetensors'] });
    const pool = { name: 'comfy', engine: 'comfyui', models: [{ id: 'v2-1', tasks: ['workflow'] }] };
    place = await startPlace(pool, { ENGINE_URL: fake.url, ENGINE_POLL_INTERVAL_MS: '50' });
  });
  afterAll(async () => {
    await place?.stop();
    await fake?.stop();
  });

  const encode = (text: string) => ({ class_type: 'CLIPTextEncode', inputs: { text, clip: ['4', 1] } });
  const sampler = { seed: 89_465_186, steps: 4, cfg: 8, sampler_name: 'euler', scheduler: 'normal', denoise: 1 };
  const links = { model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] };
  const workflow = {
    '3': { class_type: 'KSampler', inputs: { ...sampler, ...links } },
    '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'v2-1_768-ema-pruned.safetensors' } },
    '5': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
    '6': encode('beautiful scenery nature glass bottle landscape, purple galaxy bottle'),
    '7': encode('text, watermark'),
    '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
    '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'ComfyUI', images: ['8', 0] } },
  };

  it('is run, and its file is a code', async () => {
    const metadata = { id: 'test-pipeline', runtime: 'Comfy', tasktype: 'pipeline' };

    const { status, text } = await post(place, '/v1alpha2/task', aTask(metadata, workflow));

    const accepted = { id: 'test-pipeline', runtime: 'Comfy', output_location: at('output', 'test-pipeline') };
    expect({ status, text }).toEqual({ status: 200, text: JSON.stringify(accepted) });
    const { out } = await checkCompleted(place, 'test-pipeline', 'output', 'comfy', '');
    expect(out).toEqual({ code: 200 });
  });

  it('fails where its nodes do', async () => {
    const broken = { ...workflow, '4': { ...workflow['4'], inputs: { ckpt_name: 'other.safetensors' } } };
    await post(place, '/v1alpha2/task', aTask({ id: 'test-broken', runtime: 'comfy', tasktype: 'pipeline' }, broken));

    const { result, image_url, output_url } = JSON.parse(await place.results.callback('test-broken', 'failed'));

    expect({ result, image_url }).toEqual({ result: false, image_url: [] });
    expect(JSON.parse((await place.results.object(output_url)).toString())).toMatchObject({ code: 500 });
  });
});

describe('a request of the AWS guidance, on an engine that is not SD WebUI', () => {
  let place: Place;

  beforeAll(async () => {
    const models = [{ id: 'sketch-1', tasks: ['text-to-image'] }];
    place = await startPlace({ name: 'local', engine: 'sketch', models }, { SKETCH_MS_PER_STEP: '50' });
  });
  afterAll(() => place?.stop());

  const metadata = { runtime: 'local', tasktype: 'text-to-image' };
  const content = { prompt: 'a red boat on a calm lake', steps: 4, width: 64, height: 64, batch_size: 2, seed: 5 };

  it('is made of the same words', async () => {
    await post(place, '/v1alpha2/task', aTask({ ...metadata, id: 'test-t2i' }, content));

    const { job, out } = await checkCompleted(place, 'test-t2i', 'output', 'local', '');
    expect(job).toMatchObject({ model: 'sketch-1', input: { prompt: content.prompt, images: 2, seed: 5 } });
    expect(out.parameters).toMatchObject({ prompt: content.prompt, seed: 5, image_seed: '5,6' });
  });

  it('is canceled by the id of its client, who is told', async () => {
    await post(place, '/v1alpha2/task', aTask({ ...metadata, id: 'test-long' }, { ...content, steps: 150 }));
    await place.results.callback('test-long', 'running');

    const { status } = await place.test.client.call('/v1/jobs/test-long/cancel', { method: 'POST' });

    expect(status).toBe(202);
    const { result, image_url, output_url } = JSON.parse(await place.results.callback('test-long', 'failed'));
    expect({ result, image_url }).toEqual({ result: false, image_url: [] });
    const { parameters } = JSON.parse((await place.results.object(output_url)).toString());
    expect(parameters).toMatchObject({ id_task: 'test-long', error_msg: 'the job is canceled' });
  });
});
