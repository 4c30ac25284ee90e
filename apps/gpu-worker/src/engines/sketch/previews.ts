import { type Canvas, quantise, readPixel } from './raster/canvas.ts';
import { lerp } from './raster/color.ts';
import { downscale } from './raster/downscale.ts';
import { hashPixel } from './raster/noise.ts';
import type { PixelBlock } from './thread-messages.ts';

export interface Previews {
  /** The state when the share `done`, 0 to 1, of the steps is done. */
  at(done: number): PixelBlock;
}

/** Halvings of the finished picture; the coarsest is a handful of colour patches. */
const LEVELS = 6;
/** Pixels of a preview that share one value of the coarse noise, as one latent of a diffusion model covers eight. */
const LATENT = 8;

/** Shows a finished picture as a sampler would reach it: patches of colour in noise, then shapes, then detail. */
export function createPreviews(picture: Canvas, seed: number): Previews {
  const levels: Canvas[] = [picture];
  for (let level = 1; level < LEVELS; level += 1) {
    const last = levels[level - 1];
    if (last === undefined || Math.min(last.width, last.height) < 2) break;
    levels.push(downscale(last, 2));
  }

  function at(done: number): PixelBlock {
    const { width, height } = picture;
    const blur = (1 - done) ** 0.8 * (levels.length - 1);
    const [fine, coarse] = [levels[Math.floor(blur)] ?? picture, levels[Math.ceil(blur)] ?? picture];
    const noise = (1 - done) ** 1.3;
    const state: Canvas = { width, height, data: new Float32Array(width * height * 3) };
    const [a, b] = [new Float32Array(3), new Float32Array(3)];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        readLevel(fine, picture, x, y, a);
        readLevel(coarse, picture, x, y, b);
        const to = (y * width + x) * 3;
        for (let channel = 0; channel < 3; channel += 1) {
          const patch = hashPixel(Math.floor(x / LATENT) + seed * 7 + channel * 131, Math.floor(y / LATENT));
          const speck = hashPixel(x + channel * 977, y + seed);
          const value = lerp(a[channel] ?? 0, b[channel] ?? 0, blur % 1);
          state.data[to + channel] = lerp(value, patch * 0.65 + speck * 0.35, noise);
        }
      }
    }
    const data = new Uint8Array(width * height * 3);
    for (const _ of quantise(state, data)) continue;
    return { width, height, data };
  }

  return { at };
}

function readLevel(level: Canvas, full: Canvas, x: number, y: number, out: Float32Array): void {
  if (level === full) {
    out.set(full.data.subarray((y * full.width + x) * 3, (y * full.width + x) * 3 + 3));
    return;
  }
  const [sx, sy] = [level.width / full.width, level.height / full.height];
  readPixel(level, (x + 0.5) * sx - 0.5, (y + 0.5) * sy - 0.5, out);
}
