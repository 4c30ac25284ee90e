import { hashPixel } from './noise.ts';

/** A picture in floats, three a pixel, 0 to 1 and a little beyond, gamma-encoded. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

export function createCanvas(width: number, height: number): Canvas {
  return { width, height, data: new Float32Array(width * height * 3) };
}

/** Eight bits a channel, with half a level of noise so that soft gradients do not show bands. Yields as it goes. */
export function* quantise(canvas: Canvas, bytes: Uint8Array): Generator<void, void> {
  const { width, height, data } = canvas;
  const rows = Math.max(1, Math.floor(65_536 / width));
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const dither = hashPixel(x, y);
      for (let channel = 0; channel < 3; channel += 1, at += 1) {
        const value = (data[at] ?? 0) * 255 + dither;
        bytes[at] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
    if (y % rows === rows - 1) yield;
  }
}

/** Reads between the pixels; `x` and `y` in pixels from the middle of the first, clamped to the edge. */
export function readPixel(canvas: Canvas, x: number, y: number, out: Float32Array): void {
  const { width, height, data } = canvas;
  const cx = Math.max(0, Math.min(x, width - 1.001));
  const cy = Math.max(0, Math.min(y, height - 1.001));
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const tx = cx - x0;
  const ty = cy - y0;
  const a = (y0 * width + x0) * 3;
  const c = height > 1 ? a + width * 3 : a;
  const right = width > 1 ? 3 : 0;
  for (let channel = 0; channel < 3; channel += 1) {
    const above = (data[a + channel] ?? 0) * (1 - tx) + (data[a + right + channel] ?? 0) * tx;
    const below = (data[c + channel] ?? 0) * (1 - tx) + (data[c + right + channel] ?? 0) * tx;
    out[channel] = above * (1 - ty) + below * ty;
  }
}
