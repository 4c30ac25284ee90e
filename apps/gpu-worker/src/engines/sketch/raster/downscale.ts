import type { Canvas } from './canvas.ts';
import { createCanvas } from './canvas.ts';

/** The mean of square blocks; the last block of a row or column may be smaller. */
export function downscale(source: Canvas, block: number): Canvas {
  const small = createCanvas(
    Math.max(1, Math.ceil(source.width / block)),
    Math.max(1, Math.ceil(source.height / block)),
  );
  for (let y = 0; y < small.height; y += 1) {
    for (let x = 0; x < small.width; x += 1)
      meanOfBlock(source, x * block, y * block, block, small.data, (y * small.width + x) * 3);
  }
  return small;
}

function meanOfBlock(source: Canvas, left: number, top: number, block: number, out: Float32Array, at: number): void {
  const right = Math.min(source.width, left + block);
  const bottom = Math.min(source.height, top + block);
  let [r, g, b] = [0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    for (let from = (y * source.width + left) * 3, end = (y * source.width + right) * 3; from < end; from += 3) {
      r += source.data[from] ?? 0;
      g += source.data[from + 1] ?? 0;
      b += source.data[from + 2] ?? 0;
    }
  }
  const norm = 1 / ((right - left) * (bottom - top));
  out[at] = r * norm;
  out[at + 1] = g * norm;
  out[at + 2] = b * norm;
}
