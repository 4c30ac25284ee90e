import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelListSchema } from '@afterimage/job-schemas';
import { writeModel } from '@afterimage/model-fixture';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let folder: string;
let test: TestStack;
let client: Client;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'onnx-journey-'));
  const models = join(folder, 'models');
  mkdirSync(models);
  writeModel(join(models, 'tiny'), { channels: 8 });
  writeModel(join(models, 'tiny-xl'), { channels: 8, family: 'sdxl', precision: 'float16' });
  const poolsFile = join(folder, 'pools.json');
  const pool = {
    name: 'local',
    engine: 'onnx',
    models: [
      { id: 'tiny', tasks: ['text-to-image'] },
      { id: 'tiny-xl', tasks: ['text-to-image'] },
      { id: 'not-there', tasks: ['text-to-image'] },
    ],
  };
  writeFileSync(poolsFile, JSON.stringify({ pools: [pool] }));
  test = await startTestStack({ poolsFile, env: { 'gpu-worker': { ONNX_MODELS: models } } });
  ({ client } = test);
});
afterAll(async () => {
  await test.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('the built worker runs a diffusion model: listed, made with progress, the same for the same request', async () => {
  const { json } = await client.call('/v1/models');
  expect(modelListSchema.parse(json).data).toMatchObject([{ id: 'tiny' }, { id: 'tiny-xl' }, { id: 'not-there' }]);
  for (const model of ['tiny', 'tiny-xl']) {
    const request = aRequest({ model }, { seed: 5, prompt: 'a (cat:1.2) by the sea', negativePrompt: 'dark' });
    const jobs = [await client.submit(request), await client.submit(request)];
    const ended = await Promise.all(jobs.map(({ id }) => client.terminal(id)));
    expect(ended).toMatchObject(
      jobs.map(() => ({
        status: 'succeeded',
        progress: { fraction: 1 },
        outputs: [{ width: 64, height: 64, seed: 5 }],
      })),
    );
    const [first, second] = await Promise.all(jobs.map(({ id }) => client.content(id)));
    const pixelsOf = (file: Buffer | undefined) => sharp(file).raw().toBuffer();
    expect(await pixelsOf(second)).toEqual(await pixelsOf(first));
    expect((await sharp(first).stats()).channels.every(({ stdev }) => stdev > 1)).toBe(true);
  }
});

it('a model that is not there fails the job and leaves the worker', async () => {
  const missing = await client.submit(aRequest({ model: 'not-there' }));
  expect(await client.terminal(missing.id)).toMatchObject({
    status: 'failed',
    error: {
      code: 'model_load_failed',
      message: expect.stringMatching(/models: there is no model not-there$/),
      retryable: false,
    },
  });
  const next = await client.submit(aRequest({ model: 'tiny' }));
  expect(await client.terminal(next.id)).toMatchObject({ status: 'succeeded', attempts: [{ number: 1 }] });
});

it('a job is canceled between its steps', async () => {
  const { id } = await client.submit(aRequest({ model: 'tiny' }, { width: 512, height: 512, steps: 150, images: 8 }));
  await client.jobWhere(id, 'inferring', ({ phase }) => phase === 'inferring');
  await client.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
  expect(await client.terminal(id)).toMatchObject({ status: 'canceled' });
  const next = await client.submit(aRequest({ model: 'tiny' }));
  expect(await client.terminal(next.id)).toMatchObject({ status: 'succeeded' });
});
