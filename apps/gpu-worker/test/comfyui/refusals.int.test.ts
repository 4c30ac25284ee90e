import { afterEach, describe, expect, it } from 'vitest';
import type { Bench } from './engine-bench.ts';
import { aJob, anInput, aPicture, aWorkflow, collect, failureOf, MODEL, startBench, VERSIONS } from './engine-bench.ts';

const open: Bench[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()));
});

const save = { class_type: 'SaveImage', inputs: { images: ['1', 0] } };

describe.each(VERSIONS)('what an %s server cannot run', (version) => {
  async function bench(): Promise<Bench> {
    const started = await startBench({ version });
    open.push(started);
    return started;
  }

  it.each([
    [
      'an unknown node',
      { 9: { class_type: 'FancyUpscale', inputs: {} } },
      'node 9 (FancyUpscale): the server has no node',
    ],
    [
      'a link to nowhere',
      { 3: { ...save, inputs: { images: ['77', 0] } } },
      'node 3 (SaveImage), images: links to the node 77',
    ],
    [
      'a link to an output too far',
      { 3: { ...save, inputs: { images: ['1', 4] } } },
      'images: links to output 4 of the node 1',
    ],
    [
      'a choice that is none',
      {
        9: {
          class_type: 'ImageScale',
          inputs: { image: ['1', 0], upscale_method: 'magic', width: 8, height: 8, crop: 'center' },
        },
      },
      'node 9 (ImageScale), upscale_method: "magic"',
    ],
    [
      'an input that is missing',
      { 9: { class_type: 'ImageInvert', inputs: {} } },
      'node 9 (ImageInvert), image: is required',
    ],
    [
      'a model of nobody',
      { 9: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'other.safetensors' } } },
      'node 9 (CheckpointLoaderSimple), ckpt_name: "other.safetensors"',
    ],
    [
      'a file of the server',
      { 9: { class_type: 'LoadImage', inputs: { image: 'secret.png [output]' } } },
      'node 9 (LoadImage), image: must be {{name}}',
    ],
  ])('names %s before it submits anything', async (_, nodes, message) => {
    const { fake, engine } = await bench();
    const { error, images } = await failureOf(engine, aWorkflow(nodes));

    expect(error).toMatchObject({ code: 'workflow_invalid', isRetryable: false });
    expect(error).toHaveProperty('message', expect.stringContaining(message));
    expect([images, fake.requests('POST /prompt')]).toEqual([0, 0]);
  });

  it('names what the server itself refuses, and does not try again', async () => {
    const { fake, engine } = await bench();
    const nodes = { 1: { class_type: 'EmptyImage', inputs: { width: 0, height: 64, batch_size: 1, color: 0 } } };
    const { error } = await failureOf(engine, aWorkflow(nodes));

    expect(error).toMatchObject({ code: 'workflow_invalid', isRetryable: false });
    expect(error).toHaveProperty('message', 'node 1 (EmptyImage), width: Value 0 smaller than min of 1');
    expect(fake.requests('POST /prompt')).toBe(1);
  });

  it('refuses a workflow that saves nothing, an unknown upscaler, and a request for another engine', async () => {
    const { engine } = await bench();
    const workflow = { 1: aWorkflow().request };
    const preview = aJob('workflow', {
      workflow: {
        1: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 1 } },
        2: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
      },
    });
    const image = anInput(8, 8);
    const upscaler = aJob(
      'upscale',
      { image: { url: 'https://example.com/a.png' }, upscaler: 'none' },
      { inputs: { image } },
    );
    const raw = { ...aPicture(), request: { kind: 'raw', task: 'text-to-image', input: { raw: workflow } } } as const;

    expect((await failureOf(engine, preview)).error).toMatchObject({ code: 'workflow_invalid' });
    expect((await failureOf(engine, upscaler)).error).toMatchObject({ code: 'input_invalid', isRetryable: false });
    expect((await failureOf(engine, raw)).error).toMatchObject({ code: 'input_invalid', isRetryable: false });
  });

  it('looks again for a model that should be there, and leaves the job to another try', async () => {
    const { fake, engine } = await bench();
    await collect(engine, aPicture());
    fake.checkpoints = [];
    const known = fake.requests('GET /object_info');
    const { error } = await failureOf(engine, { ...aPicture(), model: 'new-model' });

    expect(error).toMatchObject({ code: 'model_load_failed', isRetryable: true });
    expect(fake.requests('GET /object_info')).toBe(known + 1);
    fake.checkpoints = ['SDXL/new-model.safetensors'];
    expect((await collect(engine, { ...aPicture(), model: 'new-model' })).images).toHaveLength(1);
  });

  it.each([[[]], [['other.safetensors']]])(
    'does not blame the client for its own model missing among %j',
    async (checkpoints) => {
      const { fake, engine } = await bench();
      fake.checkpoints = checkpoints;
      const loader = { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: `${MODEL}.safetensors` } };
      const { error } = await failureOf(engine, aWorkflow({ 9: loader }));

      expect(error).toMatchObject({ code: 'model_load_failed', isRetryable: true });
    },
  );

  it('learns from the server that a model is gone', async () => {
    const { fake, engine } = await bench();
    await collect(engine, aPicture());
    fake.checkpoints = ['other.safetensors'];
    const { error } = await failureOf(engine, aPicture());

    expect(error).toMatchObject({ code: 'model_load_failed', isRetryable: true });
    expect(error).toHaveProperty('message', expect.not.stringContaining('other.safetensors'));
  });

  it('fails a job that is accepted in part, and takes it out of the queue', async () => {
    const { fake, engine } = await bench();
    fake.msPerPrompt = 60_000;
    fake.faults.partialAcceptance = 1;
    const nodes = { 5: { ...save } };
    const { error, images } = await failureOf(engine, aWorkflow(nodes));

    expect(error).toMatchObject({ code: 'workflow_invalid', isRetryable: false });
    expect(images).toBe(0);
    await expect.poll(() => [fake.executor.running, fake.executor.pending]).toEqual([undefined, []]);
  });
});
