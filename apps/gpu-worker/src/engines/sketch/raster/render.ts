import { blurPlane } from './blur.ts';
import type { Canvas } from './canvas.ts';
import type { Fill, Layers } from './layer.ts';
import { type Mask, MaskPool, type MaskView, rasterise } from './mask.ts';
import { bounds } from './path.ts';

/** Pixels painted between two yields: about a millisecond of work. */
const PIXELS_PER_YIELD = 32_768;
/** A filter touches every pixel more than once. */
const FILTER_WEIGHT = 3;

/**
 * Paints the layers onto an empty canvas, which shows how far it is. Yields the fraction done after each bit of work, so that the caller can pace it, report it
 * and stop it.
 */
export function* render(layers: Layers, canvas: Canvas): Generator<number, Canvas> {
  const { width, height } = canvas;
  const view: MaskView = { scale: Math.min(width, height), width, height };
  const pool = new MaskPool();
  const weights = layers.list.map((layer) => (layer.kind === 'filter' ? FILTER_WEIGHT : weightOf(layer, layers)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let done = 0;
  for (const [index, layer] of layers.list.entries()) {
    const work = layer.kind === 'filter' ? layer.run(canvas, view.scale) : paintFill(layer, canvas, view, pool);
    while (work.next().done !== true) yield done / total;
    done += weights[index] ?? 0;
    yield done / total;
  }
  return canvas;
}

/** Share of the picture that a fill can touch. */
function weightOf(fill: Fill, layers: Layers): number {
  const box = bounds(fill.path);
  const wide = Math.min(box.right, layers.width) - Math.max(box.left, 0);
  const high = Math.min(box.bottom, layers.height) - Math.max(box.top, 0);
  return (Math.max(0, wide) * Math.max(0, high)) / (layers.width * layers.height) + 0.001;
}

function* paintFill(fill: Fill, canvas: Canvas, view: MaskView, pool: MaskPool): Generator<void, void> {
  const softPixels = Math.round((fill.soft * view.scale) / 2);
  const mask = rasterise(fill.path, view, softPixels * 2, pool, 0);
  if (mask === undefined) return;
  yield;
  soften(mask, softPixels, pool);
  if (softPixels > 0) yield;
  if (fill.clip !== undefined) combine(mask, rasterise(fill.clip, view, 0, pool, 1), false);
  if (fill.cut !== undefined) {
    const cutPixels = Math.round((fill.cutSoft * view.scale) / 2);
    const cut = rasterise(fill.cut, view, cutPixels * 2, pool, 1);
    if (cut !== undefined) soften(cut, cutPixels, pool);
    yield;
    combine(mask, cut, true);
  }
  const rows = Math.max(1, Math.floor(PIXELS_PER_YIELD / mask.width));
  for (let row = 0; row < mask.height; row += rows) {
    paintRows(fill, canvas, view, mask, row, Math.min(mask.height, row + rows));
    yield;
  }
}

function soften(mask: Mask, pixels: number, pool: MaskPool): void {
  if (pixels < 1) return;
  blurPlane(mask.data, mask.width, mask.height, mask.stride, pixels, pool.take(2, Math.max(mask.width, mask.height)));
}

/** Multiplies a mask by another, or by what the other leaves free. */
function combine(mask: Mask, other: Mask | undefined, isInverse: boolean): void {
  for (let y = 0; y < mask.height; y += 1) {
    const otherY = y + mask.top - (other?.top ?? 0);
    const isRowInside = other !== undefined && otherY >= 0 && otherY < other.height;
    for (let x = 0; x < mask.width; x += 1) {
      const otherX = x + mask.left - (other?.left ?? 0);
      const isInside = isRowInside && otherX >= 0 && otherX < other.width;
      const cover = isInside ? (other.data[otherY * other.stride + otherX] ?? 0) : 0;
      const at = y * mask.stride + x;
      mask.data[at] = (mask.data[at] ?? 0) * (isInverse ? 1 - cover : cover);
    }
  }
}

function paintRows(fill: Fill, canvas: Canvas, view: MaskView, mask: Mask, from: number, to: number): void {
  const { paint, alpha, blend } = fill;
  const { data, width } = canvas;
  const out = new Float32Array(4);
  const shader = typeof paint === 'function' ? paint : undefined;
  if (typeof paint !== 'function') out.set(paint);
  const unit = 1 / view.scale;
  const isNormal = blend === 'normal';
  for (let row = from; row < to; row += 1) {
    const y = row + mask.top;
    let at = (y * width + mask.left) * 3;
    for (let column = 0; column < mask.width; column += 1, at += 3) {
      const cover = mask.data[row * mask.stride + column] ?? 0;
      if (cover < 0.002) continue;
      out[3] = 1;
      if (shader !== undefined) shader((mask.left + column + 0.5) * unit, (y + 0.5) * unit, out);
      const a = cover * alpha * (out[3] ?? 1);
      if (a <= 0) continue;
      if (isNormal) {
        data[at] = (data[at] ?? 0) * (1 - a) + (out[0] ?? 0) * a;
        data[at + 1] = (data[at + 1] ?? 0) * (1 - a) + (out[1] ?? 0) * a;
        data[at + 2] = (data[at + 2] ?? 0) * (1 - a) + (out[2] ?? 0) * a;
        continue;
      }
      for (let channel = 0; channel < 3; channel += 1) {
        const below = data[at + channel] ?? 0;
        const color = out[channel] ?? 0;
        const target = blend === 'multiply' ? below * color : 1 - (1 - below) * (1 - color);
        data[at + channel] = below + (target - below) * a;
      }
    }
  }
}
