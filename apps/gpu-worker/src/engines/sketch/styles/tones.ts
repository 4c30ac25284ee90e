import type { Canvas } from '../raster/canvas.ts';
import { readPixel } from '../raster/canvas.ts';
import { clamp01, lerp, luma, mix, type Rgb, rgb, smoothstep } from '../raster/color.ts';
import { downscale } from '../raster/downscale.ts';
import { inBands } from '../raster/layer.ts';

type ColorMap = (color: Rgb) => Rgb;

function* mapColors(canvas: Canvas, map: ColorMap): Generator<void, void> {
  yield* inBands(canvas, (py) => {
    for (let at = py * canvas.width * 3, end = at + canvas.width * 3; at < end; at += 3) {
      canvas.data.set(map([canvas.data[at] ?? 0, canvas.data[at + 1] ?? 0, canvas.data[at + 2] ?? 0]), at);
    }
  });
}

/** Light, low in contrast, a little of its colour left. */
export const pastel = (canvas: Canvas): Generator<void, void> =>
  mapColors(canvas, (color) => {
    const grey = luma(color);
    const soft = mix([grey, grey, grey], color, 0.72);
    return mix(soft, [1, 0.95, 0.96], 0.42);
  });

/** Black and white with hard light. */
export const noir = (canvas: Canvas): Generator<void, void> =>
  mapColors(canvas, ([r, g, b]) => {
    const grey = clamp01(r * 0.42 + g * 0.42 + b * 0.16);
    const hard = smoothstep(0.04, 0.92, grey);
    return [hard, hard, hard * 1.01];
  });

/** The browns of an old photograph. */
export const sepia = (canvas: Canvas): Generator<void, void> =>
  mapColors(canvas, (color) => {
    const grey = clamp01(luma(color)) * 0.88 + 0.07;
    return [clamp01(grey * 1.1), grey * 0.9, grey * 0.68];
  });

const NEON: readonly Rgb[] = ['07041a', '1b0f4a', '5a1487', 'd01fa4', 'ff6ab0', '7ff4ff'].map(rgb);

/** Night colours from violet over magenta to cyan, glowing edges. */
export function* neon(canvas: Canvas, unit: number): Generator<void, void> {
  const source = canvas.data.slice();
  const reach = Math.max(1, Math.round(unit * 0.0025));
  yield* inBands(canvas, (py) => {
    for (let px = 0; px < canvas.width; px += 1) {
      const at = (py * canvas.width + px) * 3;
      const color: Rgb = [source[at] ?? 0, source[at + 1] ?? 0, source[at + 2] ?? 0];
      const right = at + 3 * Math.min(reach, canvas.width - 1 - px);
      const down = at + 3 * canvas.width * Math.min(reach, canvas.height - 1 - py);
      const edge = Math.hypot((source[right + 1] ?? 0) - color[1], (source[down + 1] ?? 0) - color[1]);
      const place = clamp01(luma(color) * 0.92) ** 1.15 * (NEON.length - 1);
      const [from, to] = [NEON[Math.floor(place)] ?? color, NEON[Math.ceil(place)] ?? color];
      const graded = mix(mix(from, to, place % 1), color, 0.28);
      const line = smoothstep(0.07, 0.28, edge);
      const glow: Rgb = px / canvas.width + py / canvas.height > 1 ? [1, 0.25, 0.8] : [0.2, 0.95, 1];
      for (let channel = 0; channel < 3; channel += 1) {
        canvas.data[at + channel] = lerp(graded[channel] ?? 0, glow[channel] ?? 0, line * 0.85);
      }
    }
  });
  yield* bloom(canvas, unit, 0.55, 0.45);
}

/** Bright parts shine over their surroundings. */
export function* bloom(canvas: Canvas, unit: number, threshold: number, strength: number): Generator<void, void> {
  const block = Math.max(1, Math.round(unit / 48));
  const small = downscale(canvas, block);
  for (let at = 0; at < small.data.length; at += 1) small.data[at] = Math.max(0, (small.data[at] ?? 0) - threshold);
  addScaled(small, downscale(small, 3), 3);
  yield* addBlurred(canvas, small, block, strength);
}

/** Adds a coarser picture of the same view to a finer one. */
function addScaled(target: Canvas, coarse: Canvas, factor: number): void {
  const light = new Float32Array(3);
  for (let y = 0; y < target.height; y += 1) {
    for (let x = 0; x < target.width; x += 1) {
      readPixel(coarse, (x + 0.5) / factor - 0.5, (y + 0.5) / factor - 0.5, light);
      const at = (y * target.width + x) * 3;
      for (let channel = 0; channel < 3; channel += 1)
        target.data[at + channel] = (target.data[at + channel] ?? 0) + (light[channel] ?? 0);
    }
  }
}

function* addBlurred(canvas: Canvas, small: Canvas, block: number, strength: number): Generator<void, void> {
  const light = new Float32Array(3);
  yield* inBands(canvas, (py) => {
    for (let px = 0; px < canvas.width; px += 1) {
      readPixel(small, px / block - 0.5, py / block - 0.5, light);
      const at = (py * canvas.width + px) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        canvas.data[at + channel] = (canvas.data[at + channel] ?? 0) + (light[channel] ?? 0) * strength;
      }
    }
  });
}

/** Everything so far out of focus. */
export function* defocus(canvas: Canvas, unit: number): Generator<void, void> {
  const block = Math.max(1, Math.round(unit / 110));
  const small = downscale(canvas, block);
  yield;
  const out = new Float32Array(3);
  yield* inBands(canvas, (py) => {
    for (let px = 0; px < canvas.width; px += 1) {
      const at = (py * canvas.width + px) * 3;
      let [r, g, b] = [0, 0, 0];
      for (const [dx, dy] of [
        [-0.6, -0.25],
        [0.25, -0.6],
        [0.6, 0.25],
        [-0.25, 0.6],
      ] as const) {
        readPixel(small, px / block - 0.5 + dx, py / block - 0.5 + dy, out);
        r += (out[0] ?? 0) / 4;
        g += (out[1] ?? 0) / 4;
        b += (out[2] ?? 0) / 4;
      }
      canvas.data[at] = r;
      canvas.data[at + 1] = g;
      canvas.data[at + 2] = b;
    }
  });
}
