import { type Canvas, readPixel } from '../raster/canvas.ts';
import { clamp01 } from '../raster/color.ts';
import { fbm, grain } from '../raster/noise.ts';
import type { Rng } from '../rng.ts';

interface Dabs {
  /** Length of a dab, in scene units; its width is a share of it. */
  readonly length: number;
  readonly slimness: number;
  /** How far the colours stray, 0 to 1. */
  readonly jitter: number;
  readonly alpha: number;
  /** Dabs per area that one covers. */
  readonly density: number;
}

/** Pixels covered between two yields: a few milliseconds of work. */
const PIXELS_PER_YIELD = 40_000;

/** Paints the picture again with dabs of a brush that follow a flow field; each takes its colour from where it starts. */
export function* repaint(canvas: Canvas, unit: number, rng: Rng, dabs: Dabs): Generator<void, void> {
  const source: Canvas = { ...canvas, data: canvas.data.slice() };
  yield;
  const [width, height] = [canvas.width / unit, canvas.height / unit];
  const wide = dabs.length * dabs.slimness;
  const count = Math.round(((width * height) / (dabs.length * wide)) * dabs.density);
  const dabsPerYield = Math.max(1, Math.round(PIXELS_PER_YIELD / (dabs.length * wide * unit * unit)));
  const color = new Float32Array(4);
  const [u, v] = [rng.next(), rng.next()];
  for (let dab = 0; dab < count; dab += 1) {
    const [x, y] = [rng.next() * width, rng.next() * height];
    readPixel(source, x * unit, y * unit, color);
    const shift = (rng.next() - 0.5) * dabs.jitter;
    const warm = (rng.next() - 0.5) * dabs.jitter * 0.7;
    color[0] = clamp01((color[0] ?? 0) + shift + warm);
    color[1] = clamp01((color[1] ?? 0) + shift);
    color[2] = clamp01((color[2] ?? 0) + shift - warm);
    const angle = directionAt(source, x * unit, y * unit, unit) ?? (fbm(x * 0.4 + u, y * 0.4 + v) - 0.5) * 5;
    paintDab(
      canvas,
      x * unit,
      y * unit,
      dabs.length * unit * 0.5 * (0.7 + rng.next() * 0.6),
      wide * unit * 0.5,
      angle,
      color,
      dabs.alpha,
    );
    if (dab % dabsPerYield === 0) yield;
  }
}

/** Along the edges, where the picture has them: the brush goes round shapes, not across. */
function directionAt(source: Canvas, px: number, py: number, unit: number): number | undefined {
  const reach = Math.max(1, Math.round(unit * 0.008));
  const level = (x: number, y: number): number => {
    const cx = Math.min(source.width - 1, Math.max(0, Math.round(x)));
    const cy = Math.min(source.height - 1, Math.max(0, Math.round(y)));
    return source.data[(cy * source.width + cx) * 3 + 1] ?? 0;
  };
  const gx = level(px + reach, py) - level(px - reach, py);
  const gy = level(px, py + reach) - level(px, py - reach);
  return Math.hypot(gx, gy) < 0.05 ? undefined : Math.atan2(gy, gx) + Math.PI / 2;
}

/** One oval of paint with the tracks of the bristles along it. */
function paintDab(
  canvas: Canvas,
  cx: number,
  cy: number,
  half: number,
  halfWide: number,
  angle: number,
  color: Float32Array,
  alpha: number,
): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const reachX = Math.abs(cos) * half + Math.abs(sin) * halfWide + 1;
  const reachY = Math.abs(sin) * half + Math.abs(cos) * halfWide + 1;
  const [left, right] = [Math.max(0, Math.floor(cx - reachX)), Math.min(canvas.width - 1, Math.ceil(cx + reachX))];
  const [top, bottom] = [Math.max(0, Math.floor(cy - reachY)), Math.min(canvas.height - 1, Math.ceil(cy + reachY))];
  const offset = cx * 0.013 + cy * 0.007;
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      const [dx, dy] = [x - cx, y - cy];
      const along = (dx * cos + dy * sin) / half;
      const across = (dy * cos - dx * sin) / halfWide;
      const inside = 1 - along * along * along * along - across * across;
      if (inside <= 0) continue;
      const bristle = grain(across * 0.13 + offset, along * 0.02 + offset) - 0.5;
      const cover = alpha * Math.min(1, inside * 2.5);
      const light = 1 + bristle * 0.2 - across * 0.05;
      const at = (y * canvas.width + x) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const below = canvas.data[at + channel] ?? 0;
        canvas.data[at + channel] = below + ((color[channel] ?? 0) * light - below) * cover;
      }
    }
  }
}
