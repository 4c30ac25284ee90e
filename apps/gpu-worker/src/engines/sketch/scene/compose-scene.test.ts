import { describe, expect, it } from 'vitest';
import { composeScene, type SceneRequest } from './compose-scene.ts';
import { quantise } from '../raster/canvas.ts';
import { createCanvas } from '../raster/canvas.ts';
import { render } from '../raster/render.ts';

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

function picture(prompt: string, changes: Partial<SceneRequest> = {}): Picture {
  const request: SceneRequest = { prompt, negativePrompt: '', width: 96, height: 96, seed: 7, guidance: 7, ...changes };
  const work = render(composeScene(request), createCanvas(request.width, request.height));
  for (;;) {
    const next = work.next();
    if (next.done !== true) continue;
    const data = new Uint8Array(request.width * request.height * 3);
    for (const _ of quantise(next.value, data)) continue;
    return { width: request.width, height: request.height, data };
  }
}

/** Mean absolute difference of the channels, 0 to 255. */
function difference(a: Picture, b: Picture): number {
  return a.data.reduce((sum, value, index) => sum + Math.abs(value - (b.data[index] ?? 0)), 0) / a.data.length;
}

/** Mean colour of the rows between two fractions of the height. */
function meanColor({ width, height, data }: Picture, from: number, to: number): readonly [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  const [top, bottom] = [Math.floor(from * height) * width * 3, Math.floor(to * height) * width * 3];
  for (let at = top; at < bottom; at += 3) {
    sums[0] += data[at] ?? 0;
    sums[1] += data[at + 1] ?? 0;
    sums[2] += data[at + 2] ?? 0;
  }
  const count = (bottom - top) / 3;
  return [sums[0] / count, sums[1] / count, sums[2] / count];
}

const countPixels = ({ data }: Picture, matches: (r: number, g: number, b: number) => boolean): number => {
  let count = 0;
  for (let at = 0; at < data.length; at += 3)
    if (matches(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0)) count += 1;
  return count;
};

describe('a composed scene', () => {
  it('has the same bytes twice', () => {
    expect(picture('a cat in a forest at dusk').data).toEqual(picture('a cat in a forest at dusk').data);
  });

  it('differs visibly between prompts', () => {
    const pictures = [
      'a red rose',
      'city skyline at night',
      'a sailboat at sea',
      'desert dunes',
      'a bowl of fruit',
      'an owl',
      'qwxz',
    ].map((prompt) => picture(prompt));
    for (const [index, one] of pictures.entries()) {
      for (const other of pictures.slice(index + 1)) expect(difference(one, other)).toBeGreaterThan(12);
    }
  });

  it('varies with the seed and keeps to its theme', () => {
    const one = picture('a red sunset over the sea');
    const other = picture('a red sunset over the sea', { seed: 8 });
    expect(difference(one, other)).toBeGreaterThan(2);
    for (const each of [one, other]) {
      const [r, , b] = meanColor(each, 0, 0.45);
      expect(r - b).toBeGreaterThan(25);
    }
  });

  it('is warm at a red sunset, blue at noon, dark at night', () => {
    const sky = (prompt: string) => meanColor(picture(prompt), 0, 0.3);
    const [sunsetRed, , sunsetBlue] = sky('red sunset over a field');
    expect(sunsetRed).toBeGreaterThan(sunsetBlue * 1.2);
    const [noonRed, , noonBlue] = sky('a field at noon, cloudless');
    expect(noonBlue).toBeGreaterThan(noonRed * 1.2);
    expect(Math.max(...sky('a field at night'))).toBeLessThan(90);
  });

  it('paints a subject in the colour that was asked for', () => {
    const isRed = (r: number, g: number, b: number) => r > 110 && r > g * 1.8 && r > b * 1.8;
    const isBlue = (r: number, g: number, b: number) => b > 90 && b > r * 1.8 && b > g * 1.25;
    const red = picture('a red car in a field at noon');
    const blue = picture('a blue car in a field at noon, cloudy');
    expect(countPixels(red, isRed)).toBeGreaterThan(200);
    expect(countPixels(blue, isRed)).toBeLessThan(60);
    expect(countPixels(blue, isBlue)).toBeGreaterThan(150);
  });

  it('leaves out what the negative prompt names', () => {
    const withMoon = picture('a lake and the moon at night', { negativePrompt: '' });
    const without = picture('a lake and the moon at night', { negativePrompt: 'moon, clouds' });
    const isBright = (r: number, g: number, b: number) => Math.min(r, g, b) > 150;
    expect(countPixels(withMoon, isBright)).toBeGreaterThan(countPixels(without, isBright) + 40);
    expect(difference(withMoon, without)).toBeGreaterThan(1);
  });

  it('has nothing of a forbidden colour', () => {
    const isGreen = (r: number, g: number, b: number) => g > r * 1.15 && g > b * 1.15;
    expect(countPixels(picture('a green meadow at noon'), isGreen)).toBeGreaterThan(1500);
    expect(countPixels(picture('a green meadow at noon', { negativePrompt: 'green' }), isGreen)).toBeLessThan(200);
  });

  it('turns grey for noir and light for pastel', () => {
    const noir = picture('a red car, noir');
    expect(countPixels(noir, (r, g, b) => Math.max(r, g, b) - Math.min(r, g, b) > 12)).toBe(0);
    const [plain, pastel] = [picture('a castle, dusk'), picture('a castle, dusk, pastel')];
    expect(meanColor(pastel, 0, 1)[1]).toBeGreaterThan(meanColor(plain, 0, 1)[1] + 20);
  });

  it.each([
    'watercolor',
    'oil painting',
    'impressionist',
    'pixel art',
    'line art',
    'comic',
    'minimalist',
    'neon',
    'sepia',
    'low poly',
  ])('looks different in the style %s', (style) => {
    expect(difference(picture(`a lighthouse at noon, ${style}`), picture('a lighthouse at noon'))).toBeGreaterThan(3);
  });

  it.each([
    [64, 64],
    [64, 2048],
    [2048, 64],
    [72, 200],
  ])('fills %i × %i', (width, height) => {
    const { data } = picture('an astronaut on the moon, oil painting', { width, height });
    expect(data).toHaveLength(width * height * 3);
    expect(new Set(data).size).toBeGreaterThan(30);
  });

  it('has more contrast with more guidance', () => {
    const spread = (guidance: number): number => {
      const { data } = picture('a mountain lake at noon', { guidance });
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      return data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
    };
    expect(spread(20)).toBeGreaterThan(spread(1) * 1.1);
  });
});
