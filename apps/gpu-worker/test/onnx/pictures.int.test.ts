import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { aJobOf, anImage, collect, imageToImage, OnnxWorld, pixelsOf, textToImage } from './support.ts';

const world = new OnnxWorld();
const engine = world.engine();
beforeAll(() => {
  world.write('sd');
  world.write('half', { precision: 'float16' });
  world.write('xl', { family: 'sdxl' });
  world.write('xl-half', { family: 'sdxl', precision: 'float16' });
  world.write('turbo', { scheduler: { timestep_spacing: 'trailing' } });
  world.write('lcm', { hasGuidanceInput: true });
  world.write('inpainting', { isInpainting: true });
  world.write('v', {
    scheduler: { prediction_type: 'v_prediction', rescale_betas_zero_snr: true, timestep_spacing: 'trailing' },
  });
});
afterAll(() => world.stop());

/** Mean difference of two pictures, of 255. */
function distance(a: Uint8Array | undefined, b: Uint8Array | undefined): number {
  if (a === undefined || b === undefined || a.length !== b.length) return Number.NaN;
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

describe('text-to-image', () => {
  it('is ready, and has the models of the folder', async () => {
    const { signal } = new AbortController();
    expect(await engine.probe(signal)).toEqual({ alive: true, ready: true, version: 'onnxruntime 1.30.0' });
    const models = await engine.listModels(signal);
    expect(models.map(({ id }) => id)).toEqual(['half', 'inpainting', 'lcm', 'sd', 'turbo', 'v', 'xl', 'xl-half']);
    expect(models.every(({ tasks }) => tasks.join() === 'text-to-image,image-to-image')).toBe(true);
  });

  it.each(['sd', 'half', 'xl', 'xl-half', 'turbo', 'lcm', 'inpainting', 'v'])(
    'makes pictures of the size asked for with %s, the same for the same request',
    async (model) => {
      const job = aJobOf(textToImage({ width: 72, height: 64 }), { model });
      const { images } = await collect(engine, job);
      expect(images).toMatchObject([
        { index: 0, seed: 9, width: 72, height: 64, software: 'Stable Diffusion (onnxruntime 1.30.0)' },
      ]);
      const [pixels = new Uint8Array()] = images.map((image) => image.pixels.data);
      expect(pixels).toHaveLength(72 * 64 * 3);
      expect(new Set(pixels).size).toBeGreaterThan(40);
      // Another process, with nothing in memory.
      expect(await pixelsOf(world.engine(), job)).toEqual([pixels]);
    },
  );

  it.each(['euler', 'euler_a', 'ddim', 'dpmpp_2m', 'dpmpp_2m_karras', 'lcm'])('samples with %s', async (sampler) => {
    const [first] = await pixelsOf(engine, aJobOf(textToImage({ sampler })));
    const [again] = await pixelsOf(engine, aJobOf(textToImage({ sampler })));
    const [other] = await pixelsOf(engine, aJobOf(textToImage({ sampler, seed: 10 })));
    expect(again).toEqual(first);
    expect(distance(other, first)).toBeGreaterThan(1);
  });

  it('gives each image of a job the seed that it would have alone', async () => {
    const batch = await pixelsOf(engine, aJobOf(textToImage({ images: 3, seed: 2 ** 32 - 2 })));
    const alone: Uint8Array[] = [];
    for (const seed of [2 ** 32 - 2, 2 ** 32 - 1, 0])
      alone.push(...(await pixelsOf(engine, aJobOf(textToImage({ seed })))));
    expect(batch).toEqual(alone);
  });

  it.each([
    ['the prompt', { prompt: 'a house in the snow' }],
    ['the negative prompt', { negativePrompt: 'dog' }],
    ['a weight', { prompt: 'a (cat:1.4) by the sea' }],
    ['a square bracket', { prompt: 'a [cat] by the sea' }],
    ['a second chunk', { prompt: 'a cat by the sea BREAK a red sun' }],
    ['guidance', { guidance: 9 }],
    ['the steps', { steps: 4 }],
  ])('is another picture by %s', async (_what, input) => {
    for (const model of ['sd', 'xl']) {
      const [plain] = await pixelsOf(engine, aJobOf(textToImage(), { model }));
      const [changed] = await pixelsOf(engine, aJobOf(textToImage(input), { model }));
      expect(distance(changed, plain)).toBeGreaterThan(0.01);
    }
  });

  it('is the same by a weight of 1, and does not read the negative prompt without guidance', async () => {
    const plain = await pixelsOf(engine, aJobOf(textToImage()));
    expect(await pixelsOf(engine, aJobOf(textToImage({ prompt: '(a cat:1) by the sea' })))).toEqual(plain);
    const unguided = await pixelsOf(engine, aJobOf(textToImage({ guidance: 1 })));
    expect(await pixelsOf(engine, aJobOf(textToImage({ guidance: 0, negativePrompt: 'dog' })))).toEqual(unguided);
    expect(unguided).not.toEqual(plain);
  });

  it('takes guidance as an input where the model has one', async () => {
    const of = (guidance: number) =>
      pixelsOf(engine, aJobOf(textToImage({ guidance, sampler: 'lcm' }), { model: 'lcm' }));
    expect(await of(8)).not.toEqual(await of(1.5));
  });

  it('tells of each step with a picture of the state', async () => {
    const job = aJobOf(textToImage({ width: 128, images: 2 }));
    const { progress } = await collect(engine, job, { isPreviewDue: () => true });
    expect(progress.map(({ phase, image, step, steps }) => `${phase} ${image} ${step}/${steps}`)).toEqual([
      'loading_model 1 0/3',
      ...['0/3', '1/3', '2/3', '3/3'].map((step) => `inferring 1 ${step}`),
      ...['0/3', '1/3', '2/3', '3/3'].map((step) => `inferring 2 ${step}`),
    ]);
    const previews = progress.flatMap(({ preview }) => (preview === undefined ? [] : [preview]));
    expect(previews).toHaveLength(6);
    for (const { contentType, data } of previews) {
      expect(contentType).toBe('image/jpeg');
      expect(await sharp(data).metadata()).toMatchObject({ format: 'jpeg', width: 256, height: 128 });
    }
  });

  it('makes no picture of a state that nobody wants', async () => {
    const { progress } = await collect(engine, aJobOf(textToImage()));
    expect(progress.filter(({ preview }) => preview !== undefined)).toEqual([]);
  });

  it('decodes in tiles to the same picture', async () => {
    const job = aJobOf(textToImage({ width: 512, height: 320, steps: 2 }));
    const [whole] = await pixelsOf(engine, job);
    const [tiled] = await pixelsOf(world.engine({ decodeBytes: 1 }), job);
    expect(distance(tiled, whole)).toBeLessThan(0.001);
  });

  it('is the same with another number of threads but for rounding', async () => {
    const [one] = await pixelsOf(engine, aJobOf(textToImage()));
    const [two] = await pixelsOf(world.engine({ threads: 2 }), aJobOf(textToImage()));
    expect(distance(two, one)).toBeLessThan(0.5);
  });
});

describe('image-to-image', () => {
  const from = async (
    input: object,
    { model = 'sd', size = [64, 64] }: { model?: string; size?: readonly [number, number] } = {},
  ) => {
    const inputs = {
      image: await anImage(...size),
      mask: await anImage(...size, (x) => (x < 32 ? [0, 0, 0] : [255, 255, 255])),
    };
    return collect(engine, aJobOf(imageToImage(input), { model, inputs }));
  };

  it('keeps the image at strength 0, and is far from it at strength 1', async () => {
    const image = await sharp((await anImage(64, 64)).data)
      .removeAlpha()
      .raw()
      .toBuffer();
    const made = async (strength: number) => (await from({ strength })).images[0]?.pixels.data;
    expect(Buffer.from((await made(0)) ?? []).equals(image)).toBe(true);
    expect(distance(await made(1), image)).toBeGreaterThan(10);
  });

  it('takes fewer steps the less the image may change', async () => {
    const stepsAt = async (strength: number) => (await from({ strength, steps: 10 })).progress.at(-1);
    expect(await stepsAt(0.5)).toMatchObject({ step: 5, steps: 5 });
    expect(await stepsAt(0.01)).toMatchObject({ step: 1, steps: 1 });
    expect(await stepsAt(1)).toMatchObject({ step: 10, steps: 10 });
  });

  it.each(['sd', 'half', 'xl', 'inpainting'])('changes nothing outside the mask with %s', async (model) => {
    const { images } = await from({ strength: 0.9, mask: { url: 'https://images.example/mask.png' } }, { model });
    const data = images[0]?.pixels.data ?? new Uint8Array();
    const columns = (from_: number, to: number) =>
      Array.from({ length: 64 }, (_, y) => [...data.subarray((y * 64 + from_) * 3, (y * 64 + to) * 3)]).flat();
    const before = [
      ...(await sharp((await anImage(64, 64)).data)
        .removeAlpha()
        .raw()
        .toBuffer()),
    ];
    const kept = Array.from({ length: 64 }, (_, y) => before.slice(y * 64 * 3, (y * 64 + 32) * 3)).flat();
    expect(columns(0, 32)).toEqual(kept);
    const changed = Array.from({ length: 64 }, (_, y) => before.slice((y * 64 + 32) * 3, (y * 64 + 64) * 3)).flat();
    expect(distance(Uint8Array.from(columns(32, 64)), Uint8Array.from(changed))).toBeGreaterThan(5);
  });

  it("has the size that was asked for, or the image's own in steps of 8", async () => {
    expect((await from({}, { size: [100, 75] })).images).toMatchObject([{ width: 96, height: 72 }]);
    expect((await from({ width: 128, height: 64 }, { size: [100, 75] })).images).toMatchObject([
      { width: 128, height: 64 },
    ]);
  });
});

describe('a request that the engine cannot do', () => {
  it.each([
    [
      textToImage({ sampler: 'dpmpp_sde_karras' }),
      'input.sampler must be one of euler, euler_a, ddim, dpmpp_2m, dpmpp_2m_karras, lcm',
    ],
    [textToImage({ sampler: 'lcm', steps: 60 }), 'input.steps must be at most 50 for the sampler lcm, got 60'],
    [imageToImage(), 'input.image is missing'],
    [
      { kind: 'workflow', input: { workflow: {}, images: {} } } as const,
      'text-to-image and image-to-image, not workflow',
    ],
  ])('is refused with what is wrong', async (request, message) => {
    await expect(collect(engine, aJobOf(request))).rejects.toMatchObject({
      code: 'input_invalid',
      isRetryable: false,
      message: expect.stringContaining(message),
    });
  });
});
