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

/** Eight bits a channel, with half a level of noise so that soft gradients do not show bands. */
export function toBytes(canvas: Canvas): Uint8Array<ArrayBuffer> {
  const { width, height, data } = canvas;
  const bytes = new Uint8Array(data.length);
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const dither = hashPixel(x, y);
      for (let channel = 0; channel < 3; channel += 1, at += 1) {
        const value = (data[at] ?? 0) * 255 + dither;
        bytes[at] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
  return bytes;
}

/** Scratch picture from bilinear reading: `x` and `y` in pixels, clamped to the edge. */
export function readPixel(canvas: Canvas, x: number, y: number, out: Float32Array): void {
  const { width, height, data } = canvas;
  const cx = x < 0 ? 0 : x > width - 1.001 ? width - 1.001 : x;
  const cy = y < 0 ? 0 : y > height - 1.001 ? height - 1.001 : y;
  const [x0, y0] = [Math.floor(cx), Math.floor(cy)];
  const [tx, ty] = [cx - x0, cy - y0];
  const a = (y0 * width + x0) * 3;
  const c = a + width * 3;
  for (let channel = 0; channel < 3; channel += 1) {
    const above = (data[a + channel] ?? 0) * (1 - tx) + (data[a + 3 + channel] ?? 0) * tx;
    const below = (data[c + channel] ?? 0) * (1 - tx) + (data[c + 3 + channel] ?? 0) * tx;
    out[channel] = above * (1 - ty) + below * ty;
  }
}
