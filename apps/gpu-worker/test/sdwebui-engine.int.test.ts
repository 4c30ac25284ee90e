import { imageSeed } from '@afterimage/job-schemas';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineProgress } from '../src/engines/engine.ts';
import { aJobOf, anImage, collect, imageToImage, SdWebuis, textToImage } from './support/sdwebui.ts';

const webuis = new SdWebuis();
afterEach(() => webuis.stop());

const { signal } = new AbortController();

describe.each(['a1111', 'forge', 'sdnext'] as const)('SdWebuiEngine on %s', (dialect) => {
  it('is ready once the server made an image, and lists its models', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    expect(await engine.probe(signal)).toMatchObject({ alive: true, ready: true, version: dialect });
    expect(fake.generations.map(({ body }) => [body['steps'], body['send_images']])).toEqual([[1, false]]);
    expect(await engine.probe(signal)).toMatchObject({ ready: true });
    expect(fake.generations).toHaveLength(1);
    expect((await engine.listModels(signal)).map(({ id }) => id)).toEqual(['dreamshaper', 'juggernaut']);
  });

  it('makes text-to-image with one request, image i with seed + i', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    const { images } = await collect(engine, aJobOf(textToImage({ images: 3, width: 128, height: 64 })));
    expect(images.map(({ index, seed, width, height }) => [index, seed, width, height])).toEqual([
      [0, 9, 128, 64],
      [1, 10, 128, 64],
      [2, 11, 128, 64],
    ]);
    for (const { pixels } of images) {
      expect(pixels.kind).toBe('encoded');
      expect(await sharp(pixels.data).metadata()).toMatchObject({ format: 'png', width: 128, height: 64 });
    }
    expect(fake.generations.map(({ path }) => path)).toEqual(['txt2img']);
    expect(fake.generations[0]?.body).toMatchObject({
      batch_size: 1,
      n_iter: 3,
      seed: 9,
      steps: 4,
      save_images: false,
    });
  });

  it('keeps width and height apart', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    await collect(engine, aJobOf(textToImage({ width: 256, height: 64 })));
    expect(fake.generations[0]?.body).toMatchObject({ width: 256, height: 64 });
  });

  it('leaves the grid out', async () => {
    const { engine } = await webuis.start({ dialect, hasGrid: true });
    const { images } = await collect(engine, aJobOf(textToImage({ images: 2 })));
    const texts = await Promise.all(images.map(async ({ pixels }) => (await sharp(pixels.data).metadata()).comments));
    expect(texts.map((comments) => comments?.[0]?.text.split('\n')[1])).toEqual(['Seed: 9', 'Seed: 10']);
  });

  it('asks twice where the seeds begin at 0 again', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    const seed = 2 ** 32 - 1;
    const { images } = await collect(engine, aJobOf(textToImage({ seed, images: 3 })));
    expect(images.map((image) => image.seed)).toEqual([0, 1, 2].map((index) => imageSeed(seed, index)));
    expect(fake.generations.map(({ body }) => [body['seed'], body['n_iter']])).toEqual([
      [seed, 1],
      [0, 2],
    ]);
  });

  it('has the asked model loaded, and leaves it there', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    await collect(engine, aJobOf(textToImage(), { model: 'juggernaut' }));
    expect(fake.generations[0]?.body).toMatchObject({
      override_settings: { sd_model_checkpoint: 'juggernaut.safetensors [33e58e8668]' },
      override_settings_restore_afterwards: false,
    });
  });

  it('asks for samplers as the dialect knows them', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    for (const sampler of ['dpmpp_2m', 'dpmpp_2m_karras'] as const) {
      await collect(engine, aJobOf(textToImage({ sampler })));
    }
    const asked = fake.generations.map(({ body }) => [
      body['sampler_name'],
      body['scheduler'],
      body['override_settings'],
    ]);
    expect(asked).toMatchObject(
      dialect === 'sdnext'
        ? [
            ['DPM++ 2M', undefined, { schedulers_sigma: 'default' }],
            ['DPM++ 2M', undefined, { schedulers_sigma: 'karras' }],
          ]
        : [
            ['DPM++ 2M', 'Uniform', {}],
            ['DPM++ 2M', 'Karras', {}],
          ],
    );
  });

  it('makes image-to-image with a mask, of the size of the image', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    const inputs = new Map([
      ['image', await anImage(101, 90)],
      ['mask', await anImage(101, 90, '#ffffff')],
    ]);
    const request = imageToImage({ mask: { uploadId: `upl_${'0'.repeat(26)}` }, strength: 0.4 });
    const { images } = await collect(engine, aJobOf(request, { inputs }));
    expect(images).toMatchObject([{ seed: 9, width: 96, height: 88 }]);
    const body = fake.generations[0]?.body ?? {};
    expect(fake.generations[0]?.path).toBe('img2img');
    expect(body).toMatchObject({ denoising_strength: 0.4, inpainting_mask_invert: 0, inpaint_full_res: false });
    const sizeOf = async (file: unknown) => sharp(Buffer.from(String(file), 'base64')).metadata();
    expect(await sizeOf(body['init_images'])).toMatchObject({ width: 96, height: 88 });
    expect(await sizeOf(body['mask'])).toMatchObject({ format: 'png', channels: 1, width: 96, height: 88 });
  });

  it('sends an image that has its size already as it is', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    const image = await anImage(96, 64);
    await collect(engine, aJobOf(imageToImage(), { inputs: new Map([['image', image]]) }));
    expect(fake.generations[0]?.body['init_images']).toEqual([Buffer.from(image.data).toString('base64')]);
  });

  it('upscales with what it need not download first', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    const inputs = new Map([['image', await anImage(99, 64)]]);
    const request = { kind: 'upscale', input: { image: { uploadId: `upl_${'0'.repeat(26)}` }, scale: 2 } } as const;
    const { images } = await collect(engine, aJobOf(request, { inputs }));
    expect(images).toMatchObject([{ index: 0, seed: null, width: 192, height: 128 }]);
    expect(fake.generations[0]).toMatchObject({
      path: 'extra-single-image',
      body: { upscaling_resize: 2, upscaler_1: '4x-local' },
    });
  });

  it('tells of loading, of the steps and of the end', async () => {
    const { engine } = await webuis.start({ dialect, msPerImage: 700 });
    const { progress } = await collect(engine, aJobOf(textToImage({ images: 2, steps: 4 })));
    expect(progress[0]).toMatchObject({ phase: 'loading_model', step: 0, images: 2 });
    expect(progress.at(-1)).toMatchObject({ phase: 'inferring', image: 2, images: 2, step: 4, steps: 4 });
    const shown = progress.map(({ image, step }) => image * 10 + step);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    expect(shown.length).toBeGreaterThan(2);
  });

  it('shows the picture as it is made, and asks for it only when one is due', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 60_000, hasLivePreviews: true });
    const over = new AbortController();
    const shown: EngineProgress[] = [];
    const run = collect(engine, aJobOf(textToImage({ steps: 150 })), {
      signal: over.signal,
      isPreviewDue: () => shown.length === 0,
      onProgress(event) {
        if (event.preview !== undefined) shown.push(event);
        else if (shown.length > 0) over.abort(new Error('seen'));
      },
    });
    await expect(run).rejects.toThrow('seen');
    const preview = shown[0]?.preview;
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({ phase: 'inferring', image: 1, steps: 150 });
    expect(await sharp(preview?.data).metadata()).toMatchObject({ format: 'png', width: 64 });
    // It was due until it came; every look after that was without it.
    const looks = fake.counts.get('progress') ?? 0;
    expect(fake.imagesAsked).toBeGreaterThan(0);
    expect(looks).toBeGreaterThan(fake.imagesAsked);
  });

  it('goes on without pictures where the server makes none', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 60_000 });
    const over = new AbortController();
    const progress: EngineProgress[] = [];
    const run = collect(engine, aJobOf(textToImage({ steps: 150 })), {
      signal: over.signal,
      isPreviewDue: () => true,
      onProgress(event) {
        progress.push(event);
        if (event.step > 1) over.abort(new Error('goes on'));
      },
    });
    await expect(run).rejects.toThrow('goes on');
    expect(progress.filter(({ preview }) => preview !== undefined)).toEqual([]);
    expect(fake.imagesAsked).toBeGreaterThan(0);
  });

  it('tells of the steps though the server fails over the picture', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 60_000, hasLivePreviews: true });
    fake.inject('previewException');
    const over = new AbortController();
    const run = collect(engine, aJobOf(textToImage({ steps: 150 })), {
      signal: over.signal,
      isPreviewDue: () => true,
      onProgress({ step }) {
        if (step > 1) over.abort(new Error('goes on'));
      },
    });
    await expect(run).rejects.toThrow('goes on');
    expect(fake.imagesAsked).toBe(1);
  });

  it('asks for no picture that nobody wants', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 100, hasLivePreviews: true });
    await collect(engine, aJobOf(textToImage()));
    expect(fake.imagesAsked).toBe(0);
  });

  it('works on one job at a time, and lets the next begin while images are still handed over', async () => {
    const { fake, engine } = await webuis.start({ dialect, msPerImage: 5 });
    const free = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    const first = collect(engine, aJobOf(textToImage()), {
      onEngineFree: free.resolve,
      onImage: () => taken.promise,
    });
    await free.promise;
    await collect(engine, aJobOf(textToImage()));
    taken.resolve();
    await first;
    await Promise.all([1, 2, 3].map(() => collect(engine, aJobOf(textToImage()))));
    expect(fake.generations).toHaveLength(5);
    expect(fake.maxInFlight).toBe(1);
  });

  it('asks for nothing compressed, over a connection that ends with the answer', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    await collect(engine, aJobOf(textToImage()));
    expect(fake.generations[0]?.headers).toMatchObject({ 'accept-encoding': 'identity', connection: 'close' });
  });

  it('makes what a raw body asks for', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    const raw = {
      prompt: 'a cat',
      width: 100,
      height: 64,
      steps: 3,
      seed: 5,
      n_iter: 2,
      sampler_name: 'DDIM',
      styles: [],
    };
    const { images } = await collect(engine, aJobOf({ kind: 'raw', task: 'text-to-image', input: { raw } }));
    expect(images.map(({ seed, width, height }) => [seed, width, height])).toEqual([
      [5, 96, 64],
      [6, 96, 64],
    ]);
    expect(fake.generations[0]?.body).not.toHaveProperty('styles');
  });

  it('refuses a raw body before it asks for anything', async () => {
    const { fake, engine } = await webuis.start({ dialect });
    const refused = [
      ['text-to-image', { sampler_name: 'Euler b' }, 'sampler_name'],
      ['text-to-image', { enable_hr: true, hr_scale: 1.5, hr_sampler_name: 'none such' }, 'hr_sampler_name'],
      ['image-to-image', { init_images: ['https://example.org/a.png'] }, 'init_images'],
      ['upscale', { image: await aPicture(), upscaler_1: 'none such' }, 'upscaler'],
    ] as const;
    for (const [task, raw, field] of refused) {
      await expect(collect(engine, aJobOf({ kind: 'raw', task, input: { raw } }))).rejects.toMatchObject({
        code: 'input_invalid',
        message: expect.stringContaining(field),
      });
    }
    expect(fake.generations).toHaveLength(0);
  });

  it('makes raw image-to-image and upscale', async () => {
    const { engine } = await webuis.start({ dialect });
    const image = await aPicture();
    const painted = {
      kind: 'raw',
      task: 'image-to-image',
      input: { raw: { init_images: [image], width: 64, height: 64 } },
    } as const;
    expect((await collect(engine, aJobOf(painted))).images).toMatchObject([{ width: 64, height: 64 }]);
    const upscaled = {
      kind: 'raw',
      task: 'upscale',
      input: { raw: { image, upscaling_resize: 3, upscaler_1: 'Lanczos' } },
    } as const;
    expect((await collect(engine, aJobOf(upscaled))).images).toMatchObject([{ seed: null, width: 192, height: 144 }]);
  });
});

async function aPicture(): Promise<string> {
  return Buffer.from((await anImage(64, 48)).data).toString('base64');
}
