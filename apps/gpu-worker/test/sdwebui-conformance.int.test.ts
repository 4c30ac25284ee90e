import { waitFor } from '@afterimage/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aJobOf, anImage, collect, imageToImage, SdWebuis, textToImage } from './support/sdwebui.ts';

const url = process.env['SDWEBUI_URL'] ?? '';
const auth = process.env['SDWEBUI_AUTH'];
const minutes = 60_000;
if (url === '') {
  process.stdout.write('SDWEBUI_URL is not set: the conformance run against a real SD WebUI is left out\n');
}

describe.runIf(url !== '')(`a real SD WebUI at ${url}`, { timeout: 10 * minutes }, () => {
  const webuis = new SdWebuis();
  const engine = webuis.connect(url, {
    auth,
    startSeconds: 600,
    loadSeconds: 600,
    silenceSeconds: 300,
    pollIntervalMs: 500,
  });
  const { signal } = new AbortController();
  let model = process.env['SDWEBUI_MODEL'] ?? '';

  beforeAll(async () => {
    await waitFor(async () => (await engine.probe(signal)).ready, { timeoutMs: 10 * minutes, intervalMs: 1000 });
    model ||= (await engine.listModels(signal))[0]?.id ?? '';
  }, 11 * minutes);
  afterAll(() => webuis.stop());

  it('makes the same images twice', async () => {
    const job = aJobOf(textToImage({ images: 2, width: 128, height: 64 }), { model });
    const [first, again] = [await collect(engine, job), await collect(engine, job)];
    expect(first.images.map(({ seed, width, height }) => [seed, width, height])).toEqual([
      [9, 128, 64],
      [10, 128, 64],
    ]);
    const pixelsOf = async ({ images }: typeof first) =>
      Promise.all(images.map(async ({ pixels }) => sharp(pixels.data).raw().toBuffer()));
    expect(await pixelsOf(again)).toEqual(await pixelsOf(first));
  });

  it('paints within a mask', async () => {
    const inputs = new Map([
      ['image', await anImage(128, 64)],
      ['mask', await anImage(128, 64, 'white')],
    ]);
    const request = imageToImage({ mask: { uploadId: `upl_${'0'.repeat(26)}` } });
    expect((await collect(engine, aJobOf(request, { model, inputs }))).images).toMatchObject([
      { width: 128, height: 64 },
    ]);
  });

  it('upscales', async () => {
    const inputs = new Map([['image', await anImage(96, 64)]]);
    const input = { image: { uploadId: `upl_${'0'.repeat(26)}` }, scale: 2, upscaler: 'Lanczos' };
    const { images } = await collect(engine, aJobOf({ kind: 'upscale', input }, { model, inputs }));
    expect(images).toMatchObject([{ width: 192, height: 128 }]);
  });

  it('stops at an abort and can go on', async () => {
    const abort = new AbortController();
    const onProgress = ({ phase }: { phase: string }) => {
      if (phase === 'inferring') abort.abort(new Error('canceled'));
    };
    const long = aJobOf(textToImage({ steps: 150, width: 512, height: 512 }), { model });
    await expect(collect(engine, long, { signal: abort.signal, onProgress })).rejects.toThrow('canceled');
    await engine.reset(signal);
    expect((await collect(engine, aJobOf(textToImage(), { model }))).images).toHaveLength(1);
  });
});
