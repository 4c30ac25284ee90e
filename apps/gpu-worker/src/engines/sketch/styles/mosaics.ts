import type { Canvas } from '../raster/canvas.ts';
import { clamp01 } from '../raster/color.ts';
import { downscale } from '../raster/downscale.ts';
import { inBands } from '../raster/layer.ts';
import type { Rng } from '../rng.ts';

/** Four by four ordered dither. */
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5] as const;
/** Art pixels along the shorter side. */
const ART_PIXELS = 84;

/** Big square pixels in few colours. */
export function* pixelArt(canvas: Canvas, unit: number): Generator<void, void> {
  const block = Math.max(1, Math.round(unit / ART_PIXELS));
  const small = downscale(canvas, block);
  yield;
  for (let y = 0; y < small.height; y += 1) {
    for (let x = 0; x < small.width; x += 1) {
      const dither = ((BAYER[(y % 4) * 4 + (x % 4)] ?? 0) / 16 - 0.47) * 0.11;
      const at = (y * small.width + x) * 3;
      const grey = ((small.data[at] ?? 0) + (small.data[at + 1] ?? 0) + (small.data[at + 2] ?? 0)) / 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const vivid = grey + ((small.data[at + channel] ?? 0) - grey) * 1.3;
        small.data[at + channel] = Math.round(clamp01(vivid + dither) * 7) / 7;
      }
    }
  }
  yield* inBands(canvas, (py) => {
    const row = Math.floor(py / block) * small.width;
    for (let px = 0; px < canvas.width; px += 1) {
      const from = (row + Math.floor(px / block)) * 3;
      const at = (py * canvas.width + px) * 3;
      for (let channel = 0; channel < 3; channel += 1) canvas.data[at + channel] = small.data[from + channel] ?? 0;
    }
  });
}

/** A net of triangles, each in the mean colour of its corners and its middle, lit a little by its tilt. */
export function* lowPoly(canvas: Canvas, unit: number, rng: Rng): Generator<void, void> {
  const small = downscale(canvas, Math.max(1, Math.round(unit / 170)));
  yield;
  const cells = 26;
  const size = unit / cells;
  const [columns, rows] = [Math.ceil(canvas.width / size) + 1, Math.ceil(canvas.height / size) + 1];
  const points: [number, number][] = [];
  for (let row = 0; row <= rows; row += 1) {
    for (let column = 0; column <= columns; column += 1) {
      points.push([(column - 0.5 + rng.between(-0.38, 0.38)) * size, (row - 0.5 + rng.between(-0.38, 0.38)) * size]);
    }
  }
  const color = new Float32Array(3);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = row * (columns + 1) + column;
      const [a, b, c, d] = [points[at], points[at + 1], points[at + columns + 1], points[at + columns + 2]];
      if (a === undefined || b === undefined || c === undefined || d === undefined) continue;
      const halves =
        (row + column) % 2 === 0
          ? ([
              [a, b, c],
              [b, d, c],
            ] as const)
          : ([
              [a, b, d],
              [a, d, c],
            ] as const);
      for (const triangle of halves) {
        meanColor(small, canvas, triangle, color);
        const tilt = 1 + rng.between(-0.055, 0.055);
        fillTriangle(
          canvas,
          triangle,
          color.map((value) => value * tilt),
        );
      }
    }
    yield;
  }
}

type Triangle = readonly (readonly [number, number])[];

function meanColor(small: Canvas, canvas: Canvas, triangle: Triangle, out: Float32Array): void {
  out.fill(0);
  const [mx, my] = [triangle.reduce((sum, [x]) => sum + x, 0) / 3, triangle.reduce((sum, [, y]) => sum + y, 0) / 3];
  for (const weight of [0, 0.35, 0.7]) {
    for (const [x, y] of triangle) {
      const sx = Math.floor(((mx + (x - mx) * weight) / canvas.width) * small.width);
      const sy = Math.floor(((my + (y - my) * weight) / canvas.height) * small.height);
      const at =
        (Math.min(small.height - 1, Math.max(0, sy)) * small.width + Math.min(small.width - 1, Math.max(0, sx))) * 3;
      for (let channel = 0; channel < 3; channel += 1)
        out[channel] = (out[channel] ?? 0) + (small.data[at + channel] ?? 0) / 9;
    }
  }
}

function fillTriangle(canvas: Canvas, triangle: Triangle, color: Float32Array): void {
  const ys = triangle.map(([, y]) => y);
  const top = Math.max(0, Math.ceil(Math.min(...ys) - 0.5));
  const bottom = Math.min(canvas.height - 1, Math.floor(Math.max(...ys) + 0.5));
  for (let y = top; y <= bottom; y += 1) {
    let [from, to] = [Infinity, -Infinity];
    triangle.forEach(([x1, y1], index) => {
      const [x2, y2] = triangle[(index + 1) % 3] ?? [x1, y1];
      if (y < Math.min(y1, y2) - 0.5 || y > Math.max(y1, y2) + 0.5) return;
      const t = y1 === y2 ? 0 : clamp01((y - y1) / (y2 - y1));
      const x = x1 + (x2 - x1) * t;
      from = Math.min(from, x);
      to = Math.max(to, x);
    });
    for (let x = Math.max(0, Math.floor(from)); x <= Math.min(canvas.width - 1, Math.ceil(to)); x += 1) {
      canvas.data.set(color, (y * canvas.width + x) * 3);
    }
  }
}
