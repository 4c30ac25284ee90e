import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aJobOf, anImage, collect, imageToImage, OnnxWorld, pixelsOf, textToImage } from './support.ts';

const directory = process.env['ONNX_MODEL_DIR'] ?? '';
const side = Number(process.env['ONNX_MODEL_SIDE'] ?? 512);
const minutes = 60_000;
if (directory === '') {
  process.stdout.write('ONNX_MODEL_DIR is not set: the conformance run with a published model is left out\n');
}

/** Mean, and mean difference of neighbours, of 255: a picture has contrast, and is smoother than noise. */
function look(pixels: Uint8Array, width: number) {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  const rows = pixels.subarray(width * 3);
  const roughness = rows.reduce((sum, value, at) => sum + Math.abs(value - (pixels[at] ?? 0)), 0) / rows.length;
  return { mean, roughness };
}

describe.runIf(directory !== '')(`the model in ${directory}`, { timeout: 30 * minutes }, () => {
  const world = new OnnxWorld();
  const engine = world.engine({ threads: 2, memoryBytes: 64e9, decodeBytes: 4e9 });
  const input = { prompt: 'a photo of a red apple on a table', width: side, height: side, steps: 8, guidance: 5 };
  beforeAll(() => {
    symlinkSync(resolve(directory), join(world.folder, 'sd'));
  });
  afterAll(() => world.stop());

  it('makes the same picture twice, and one that is no noise', async () => {
    const [first = new Uint8Array()] = await pixelsOf(engine, aJobOf(textToImage(input)));
    expect(await pixelsOf(engine, aJobOf(textToImage(input)))).toEqual([first]);
    const { mean, roughness } = look(first, side);
    expect(mean).toBeGreaterThan(10);
    expect(mean).toBeLessThan(245);
    expect(roughness).toBeGreaterThan(0.5);
    expect(roughness).toBeLessThan(25);
  });

  it('makes other pictures of other seeds and prompts', async () => {
    const [first] = await pixelsOf(engine, aJobOf(textToImage(input)));
    expect(await pixelsOf(engine, aJobOf(textToImage({ ...input, seed: 10 })))).not.toEqual([first]);
    expect(await pixelsOf(engine, aJobOf(textToImage({ ...input, prompt: 'a photo of the (sea:1.3)' })))).not.toEqual([
      first,
    ]);
  });

  it('keeps an image the more the weaker it is asked to change it', async () => {
    const models = await engine.listModels(new AbortController().signal);
    expect(models).toMatchObject([{ tasks: ['text-to-image', 'image-to-image'] }]);
    const inputs = { image: await anImage(side, side, (x) => (x < side / 2 ? [200, 40, 40] : [40, 40, 200])) };
    const { width: _width, height: _height, ...sampling } = input;
    const at = async (strength: number) => collect(engine, aJobOf(imageToImage({ ...sampling, strength }), { inputs }));
    const redOf = ({ images }: Awaited<ReturnType<typeof at>>) => {
      const data = images[0]?.pixels.data ?? new Uint8Array();
      return (data[(side * side * 3) / 2] ?? 0) - (data[(side * side * 3) / 2 + 2] ?? 0);
    };
    expect(redOf(await at(0))).toBe(160);
    expect(redOf(await at(0.2))).toBeGreaterThan(60);
  });
});
