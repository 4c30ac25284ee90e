import { type Canvas, readPixel } from '../raster/canvas.ts';
import { clamp01, lerp, smoothstep } from '../raster/color.ts';
import { inBands } from '../raster/layer.ts';
import { fbm, grain } from '../raster/noise.ts';

/** Watercolour: flat washes with bled edges and granulation on a white, rough paper whose rim stays bare. */
export function* watercolor(canvas: Canvas, unit: number, seed: number): Generator<void, void> {
  const source: Canvas = { ...canvas, data: canvas.data.slice() };
  const [width, height] = [canvas.width / unit, canvas.height / unit];
  const here = new Float32Array(3);
  const there = new Float32Array(3);
  yield* inBands(canvas, (py) => {
    const y = (py + 0.5) / unit;
    for (let px = 0; px < canvas.width; px += 1) {
      const x = (px + 0.5) / unit;
      const bleedX = (fbm(x * 1.7 + seed, y * 1.7) - 0.5) * 0.034 * unit;
      const bleedY = (fbm(x * 1.7, y * 1.7 + seed) - 0.5) * 0.034 * unit;
      readPixel(source, px + bleedX, py + bleedY, here);
      readPixel(source, px + bleedX * 0.35 + 0.008 * unit, py + bleedY * 0.35 + 0.008 * unit, there);
      const edge = Math.abs((here[1] ?? 0) - (there[1] ?? 0)) + Math.abs((here[0] ?? 0) - (there[0] ?? 0));
      const pigment = fbm(x * 0.8 + seed, y * 0.8 + 0.5);
      const paper = grain(x * 1.6, y * 1.6);
      const margin = Math.min(x, y, width - x, height - y) + (fbm(x * 1.3, y * 1.3 + seed) - 0.5) * 0.07;
      const bare = smoothstep(0.035, 0.0, margin);
      const at = (py * canvas.width + px) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const ink = Math.round((here[channel] ?? 0) * 11) / 11;
        const wash = lerp(here[channel] ?? 0, ink, 0.5);
        const thinned = 1 - (1 - wash) * (0.5 + pigment * 0.58);
        const dried = thinned - Math.min(0.16, edge * 0.4) + (paper - 0.5) * 0.075;
        canvas.data[at + channel] = lerp(dried, 0.97 - channel * 0.014 + (paper - 0.5) * 0.03, bare);
      }
    }
  });
}

/** Pencil on paper: outlines where tones meet, hatching where it is dark. */
export function* lineArt(canvas: Canvas, unit: number, seed: number): Generator<void, void> {
  const grey = new Float32Array(canvas.width * canvas.height);
  for (let at = 0; at < grey.length; at += 1) {
    grey[at] =
      (canvas.data[at * 3] ?? 0) * 0.3 + (canvas.data[at * 3 + 1] ?? 0) * 0.59 + (canvas.data[at * 3 + 2] ?? 0) * 0.11;
  }
  yield;
  const reach = Math.max(1, Math.round(unit * 0.0022));
  const level = (x: number, y: number): number =>
    grey[Math.min(canvas.height - 1, Math.max(0, y)) * canvas.width + Math.min(canvas.width - 1, Math.max(0, x))] ?? 0;
  yield* inBands(canvas, (py) => {
    for (let px = 0; px < canvas.width; px += 1) {
      const gx = level(px + reach, py) - level(px - reach, py);
      const gy = level(px, py + reach) - level(px, py - reach);
      const [x, y] = [px / unit, py / unit];
      const pressure = 0.7 + fbm(x * 1.4 + seed, y * 1.4) * 0.6;
      const outline = smoothstep(0.045, 0.2, Math.hypot(gx, gy)) * pressure;
      const tone = level(px, py);
      const wobble = (fbm(x * 0.7, y * 0.7 + seed) - 0.5) * 0.05;
      const first = hatch(x + y + wobble, 78, smoothstep(0.55, 0.2, tone));
      const second = hatch(x - y + wobble, 70, smoothstep(0.32, 0.08, tone));
      const ink = clamp01(outline + (first + second) * 0.4 * pressure);
      const paper = 0.96 + (grain(x * 1.7, y * 1.7) - 0.5) * 0.06;
      const at = (py * canvas.width + px) * 3;
      canvas.data[at] = lerp(paper, 0.15, ink);
      canvas.data[at + 1] = lerp(paper - 0.012, 0.14, ink);
      canvas.data[at + 2] = lerp(paper - 0.045, 0.18, ink);
    }
  });
}

function hatch(place: number, frequency: number, darkness: number): number {
  const wave = Math.abs(((place * frequency) % 1) * 2 - 1);
  return smoothstep(1 - darkness * 0.85, 1.05 - darkness * 0.5, wave) * darkness;
}

/** Flat tones and dark outlines. */
export function* comic(canvas: Canvas, unit: number): Generator<void, void> {
  const source: Canvas = { ...canvas, data: canvas.data.slice() };
  const reach = Math.max(1, Math.round(unit * 0.0024));
  const stride = canvas.width * 3;
  yield* inBands(canvas, (py) => {
    const [up, down] = [Math.max(0, py - reach), Math.min(canvas.height - 1, py + reach)];
    for (let px = 0; px < canvas.width; px += 1) {
      const at = py * stride + px * 3;
      const [left, right] = [Math.max(0, px - reach), Math.min(canvas.width - 1, px + reach)];
      let edge = 0;
      for (let channel = 0; channel < 3; channel += 1) {
        const gx =
          (source.data[py * stride + right * 3 + channel] ?? 0) - (source.data[py * stride + left * 3 + channel] ?? 0);
        const gy =
          (source.data[down * stride + px * 3 + channel] ?? 0) - (source.data[up * stride + px * 3 + channel] ?? 0);
        edge = Math.max(edge, Math.hypot(gx, gy));
      }
      const ink = smoothstep(0.2, 0.42, edge);
      for (let channel = 0; channel < 3; channel += 1) {
        const value = clamp01(source.data[at + channel] ?? 0);
        const level = value * 6;
        const step = Math.floor(level) + smoothstep(0.35, 0.65, level % 1);
        const flat = clamp01((lerp(value, step / 6, 0.8) - 0.5) * 1.1 + 0.53);
        canvas.data[at + channel] = lerp(flat, 0.08, ink);
      }
    }
  });
}
