import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import type { Bench } from './engine-bench.ts';
import { aJob, anInput, aPicture, aWorkflow, collect, startBench, VERSIONS } from './engine-bench.ts';

const open: Bench[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()));
});

function nodesOf(
  submission: Record<string, unknown> | undefined,
): Record<string, { class_type: string; inputs: object }> {
  return submission?.['prompt'] as Record<string, { class_type: string; inputs: object }>;
}

describe.each(VERSIONS)('ComfyUiEngine on an %s server', (version) => {
  async function bench(...options: [] | [Omit<Parameters<typeof startBench>[0], 'version'>]): Promise<Bench> {
    const started = await startBench({ version, ...options[0] });
    open.push(started);
    return started;
  }

  it('makes each image of a text-to-image job with its own seed, in order', async () => {
    const { fake, engine } = await bench();
    const { images } = await collect(engine, aPicture({ images: 3, seed: 2 ** 32 - 2, width: 72 }));

    expect(images.map(({ index, seed, width, height }) => [index, seed, width, height])).toEqual([
      [0, 2 ** 32 - 2, 72, 64],
      [1, 2 ** 32 - 1, 72, 64],
      [2, 0, 72, 64],
    ]);
    expect(new Set(images.map(({ pixels }) => Buffer.from(pixels.data).toString('hex'))).size).toBe(3);
    expect(images[0]?.software).toMatch(/^ComfyUI 0\.3/);
    expect(fake.submitted.map((each) => nodesOf(each)['sampler']?.inputs)).toMatchObject([
      { seed: 2 ** 32 - 2 },
      { seed: 2 ** 32 - 1 },
      { seed: 0 },
    ]);
  });

  it('asks for the sampler, the size and the prompts of the job', async () => {
    const { fake, engine } = await bench();
    const input = { sampler: 'dpmpp_2m_karras', steps: 5, guidance: 4.5, negativePrompt: 'blur' };
    await collect(engine, aPicture(input));

    const nodes = nodesOf(fake.submitted[0]);
    expect(nodes['sampler']?.inputs).toMatchObject({
      sampler_name: 'dpmpp_2m',
      scheduler: 'karras',
      steps: 5,
      cfg: 4.5,
    });
    expect(nodes['model']?.inputs).toEqual({ ckpt_name: 'sdxl-base.safetensors' });
    expect(nodes['negative']?.inputs).toMatchObject({ text: 'blur' });
    expect(fake.submitted[0]).toMatchObject({ client_id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it('tells of each step, and shows previews', async () => {
    const { engine } = await bench({ msPerPrompt: 200 });
    const { progress } = await collect(engine, aPicture());

    expect(progress[0]).toMatchObject({ phase: 'loading_model' });
    const steps = progress.filter(({ phase }) => phase === 'inferring').map(({ step }) => step);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(steps)).toEqual(new Set([1, 2, 3, 4]));
    const preview = progress.find((each) => each.preview !== undefined)?.preview;
    expect(preview?.contentType).toBe('image/png');
    expect(await sharp(preview?.data).metadata()).toMatchObject({ format: 'png', width: 16 });
  });

  it('uploads the image and the mask under the hash of their content, and samples behind the mask', async () => {
    const { fake, engine } = await bench();
    const [image, mask] = [anInput(101, 70), anInput(101, 70, 9)];
    const refs = {
      image: { uploadId: 'upl_01ARZ3NDEKTSV4RRFFQ69G5FAV' },
      mask: { uploadId: 'upl_01ARZ3NDEKTSV4RRFFQ69G5FAV' },
    };
    const { images } = await collect(
      engine,
      aJob('image-to-image', { ...refs, steps: 2 }, { inputs: { image, mask } }),
    );

    expect(images).toMatchObject([{ index: 0, seed: 7, width: 96, height: 64 }]);
    const hashed = [image, mask].map(({ data }) => createHash('sha256').update(data).digest('hex'));
    expect([...fake.uploads.keys()]).toEqual(hashed.map((hash) => `afterimage/${hash}.png`));
    const types = Object.values(nodesOf(fake.submitted[0])).map(({ class_type: type }) => type);
    expect(types).toEqual(expect.arrayContaining(['SetLatentNoiseMask', 'ImageCompositeMasked']));
  });

  it('upscales with and without a model to exactly the size that was asked for', async () => {
    const { fake, engine } = await bench();
    const image = anInput(33, 21);
    const upscaleBy = (input: object) =>
      collect(
        engine,
        aJob('upscale', { image: { url: 'https://example.com/a.png' }, ...input }, { inputs: { image } }),
      );

    expect((await upscaleBy({ scale: 2 })).images).toMatchObject([{ seed: null, width: 66, height: 42 }]);
    expect((await upscaleBy({ scale: 2.5, upscaler: '4x-UltraSharp' })).images).toMatchObject([
      { width: 83, height: 53 },
    ]);
    expect(nodesOf(fake.submitted[1])['upscaler']?.inputs).toEqual({ model_name: '4x-UltraSharp.pth' });
  });

  it('hands over what a workflow saves, and leaves out what it only shows', async () => {
    const { fake, engine } = await bench();
    const { images } = await collect(engine, aWorkflow());

    expect(images.map(({ index, seed, width }) => [index, seed, width])).toEqual([
      [0, null, 64],
      [1, null, 64],
    ]);
    expect(nodesOf(fake.submitted[0])['4']?.inputs).not.toHaveProperty('filename_prefix');
  });

  it('puts the images of the job in the places that name them', async () => {
    const { fake, engine } = await bench();
    const cat = anInput(80, 40);
    const nodes = {
      1: { class_type: 'LoadImage', inputs: { image: '{{cat}}' } },
      2: { class_type: 'ImageInvert', inputs: { image: ['1', 0] } },
      3: { class_type: 'SaveImage', inputs: { images: ['2', 0] } },
    };
    const { images } = await collect(engine, aWorkflow(nodes, { inputs: { cat } }));

    expect(images).toMatchObject([{ width: 80, height: 40 }]);
    expect(nodesOf(fake.submitted[0])['1']?.inputs).toEqual({ image: [...fake.uploads.keys()][0] });
  });

  it('never returns an earlier picture, though the server repeats what an equal workflow gave', async () => {
    const { fake, engine } = await bench();
    const first = aWorkflow();
    await collect(engine, first);
    await collect(engine, first);
    await collect(engine, { ...first, jobId: 'job_other' });

    const prefixes = fake.submitted.map((each) => nodesOf(each)['3']?.inputs);
    expect(new Set(prefixes.map((inputs) => JSON.stringify(inputs))).size).toBe(3);
    expect(prefixes[2]).toMatchObject({ filename_prefix: expect.stringMatching(/^afterimage\/job_other\/1-/) });
  });

  it('leaves neither history nor sockets behind', async () => {
    const { fake, engine } = await bench();
    await collect(engine, aPicture({ images: 2 }));

    expect(fake.executor.history.size).toBe(0);
    await expect.poll(() => fake.sockets.open).toBe(0);
  });

  it('frees the engine for the next job before it has handed over the last picture', async () => {
    const { engine } = await bench();
    const events: string[] = [];
    const handed = Promise.withResolvers<void>();
    const run = collect(engine, aPicture(), {
      onEngineFree: () => events.push('free'),
      onImage: async () => {
        events.push('image');
        await handed.promise;
      },
    });
    await expect.poll(() => events).toEqual(['free', 'image']);
    const { images } = await collect(engine, aPicture({ seed: 8 }));
    handed.resolve();
    await run;

    expect(images).toMatchObject([{ seed: 8 }]);
  });

  it('lists the checkpoints, and is ready when the server answers', async () => {
    const { engine } = await bench();
    const { signal } = new AbortController();

    expect(await engine.listModels(signal)).toEqual([
      { id: 'sdxl-base.safetensors', tasks: ['text-to-image', 'image-to-image', 'upscale', 'workflow'] },
    ]);
    expect(await engine.probe(signal)).toMatchObject({ alive: true, ready: true });
  });

  it('shows its credentials, to the socket too', async () => {
    const started = await startBench({ version, auth: 'me:secret', msPerPrompt: 100 }, { auth: 'me:secret' });
    open.push(started);

    expect((await collect(started.engine, aPicture())).images).toHaveLength(1);
    expect(started.fake.sockets.opened).toBe(1);
  });

  it('cannot be used with wrong credentials', async () => {
    const started = await startBench({ version, auth: 'me:secret' }, { auth: 'me:wrong' });
    open.push(started);

    await expect(collect(started.engine, aPicture())).rejects.toMatchObject({ name: 'EngineUnusableError' });
  });
});

it('listens before it submits: no step of a fast workflow is missed', async () => {
  const { engine, close } = await startBench({ version: 'new' });
  const { progress } = await collect(engine, aPicture());
  await close();

  expect(progress.flatMap(({ step, preview }) => (preview === undefined && step > 0 ? [step] : []))).toEqual([
    1, 2, 3, 4,
  ]);
});
