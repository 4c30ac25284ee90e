import { describe, expect, it } from 'vitest';
import { latentMask, stepsTaken } from './begin-picture.ts';
import { frameOf } from './latents.ts';
import { tileSide } from './vae-codec.ts';
import { composed, extended, isUniform, toPixels, toPlanes } from './pixels.ts';

const vae = { scale: 1, shift: 0, pixels: 8, channels: 256 };

describe('sizes', () => {
  it.each([
    [512, 512, 8, 512, 512],
    [520, 512, 8, 576, 512],
    [520, 648, 4, 544, 672],
    [64, 72, 1, 64, 72],
  ])(
    '%i × %i pixels are made as a multiple of what the UNet halves (%i)',
    (width, height, latentStep, fullWidth, fullHeight) => {
      const frame = frameOf({ vae, unetShape: { latentStep, channels: 4, guidanceSize: 0 } }, width, height);
      expect(frame).toMatchObject({
        width,
        height,
        fullWidth,
        fullHeight,
        latentWidth: fullWidth / 8,
        latentHeight: fullHeight / 8,
      });
    },
  );

  it('of tiles follow the memory, with the whole picture where it fits', () => {
    const frame = frameOf({ vae, unetShape: { latentStep: 8, channels: 4, guidanceSize: 0 } }, 1024, 1024);
    // 256 channels, two and a half of them at a time, of 4 bytes: 2560 bytes a pixel.
    const bytes = 2560 * 1024 * 1024;
    expect(tileSide(vae, frame, bytes)).toBeUndefined();
    expect(tileSide(vae, frame, bytes - 1)).toBe(120);
    expect(tileSide(vae, frame, bytes / 4)).toBe(64);
    expect(tileSide(vae, frame, 1)).toBe(32);
  });
});

describe('strength', () => {
  it.each([
    [20, 1, 20],
    [20, 0.75, 15],
    [20, 0.01, 1],
    [100, 0.29, 29],
    [1, 0.5, 1],
  ])('of %i steps and %f takes %i', (steps, strength, expected) => {
    expect(stepsTaken(steps, strength)).toBe(expected);
  });
});

describe('a mask', () => {
  it('lets a latent change when any of its pixels may', () => {
    const frame = frameOf({ vae, unetShape: { latentStep: 1, channels: 4, guidanceSize: 0 } }, 16, 8);
    const data = new Uint8Array(16 * 8);
    data[7 * 16 + 8] = 1;
    expect([...latentMask({ width: 16, height: 8, data }, frame, 8)]).toEqual([0, 1]);
  });

  it('mixes pixels by how white it is', () => {
    const pixels = (...data: number[]) => ({ width: 1, height: 1, data: Uint8Array.from(data) });
    const mixed = (mask: number) => [...composed(pixels(200, 100, 0), pixels(0, 0, 255), pixels(mask)).data];
    expect([mixed(0), mixed(255), mixed(51)]).toEqual([
      [0, 0, 255],
      [200, 100, 0],
      [40, 20, 204],
    ]);
  });
});

describe('pixels', () => {
  const picture = { width: 2, height: 1, data: Uint8Array.of(0, 128, 255, 1, 2, 3) };

  it('become planes and pixels again', () => {
    const planes = toPlanes(picture);
    expect(planes[0]).toBe(-1);
    expect(planes[4]).toBe(1);
    expect(toPixels(planes, 2, 2, 1)).toEqual(picture);
    expect(toPixels(Float32Array.of(-9, 9, 0), 1, 1, 1).data).toEqual(Uint8Array.of(0, 255, 128));
  });

  it('are repeated to fill a larger picture, and cut from it', () => {
    const larger = extended(picture, 3, 2);
    expect([...larger.data]).toEqual([0, 128, 255, 1, 2, 3, 1, 2, 3, 0, 128, 255, 1, 2, 3, 1, 2, 3]);
    expect(toPixels(toPlanes(larger), 3, 2, 1)).toEqual(picture);
  });

  it('are of one colour or not', () => {
    expect(isUniform(picture)).toBe(false);
    expect(isUniform({ ...picture, data: Uint8Array.of(1, 2, 3, 1, 2, 3) })).toBe(true);
  });
});
