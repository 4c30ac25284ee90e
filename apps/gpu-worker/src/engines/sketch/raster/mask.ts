import { bounds, type Path } from './path.ts';

/** Coverage of the pixels of a rectangle of the canvas, 0 to 1, `stride` floats a row. */
export interface Mask {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly data: Float32Array;
}

export interface MaskView {
  /** Pixels per scene unit. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

/** Hands out the same memory again and again: a scene rasterises hundreds of masks. */
export class MaskPool {
  readonly #slots: Float32Array[] = [];

  take(slot: number, length: number): Float32Array {
    let data = this.#slots[slot];
    if (data === undefined || data.length < length) {
      data = new Float32Array(Math.ceil(length * 1.25));
      this.#slots[slot] = data;
    } else {
      data.fill(0, 0, length);
    }
    return data;
  }
}

/**
 * Exact-area anti-aliasing: every edge adds its signed area to an accumulation buffer, and a running sum along each
 * row gives the coverage (the method of font-rs and of stb_truetype 2).
 *
 * @param padding pixels around the path, room for a blur
 */
export function rasterise(path: Path, view: MaskView, padding: number, pool: MaskPool, slot: number): Mask | undefined {
  const box = bounds(path);
  const left = Math.max(0, Math.floor(box.left * view.scale) - padding);
  const top = Math.max(0, Math.floor(box.top * view.scale) - padding);
  const right = Math.min(view.width, Math.ceil(box.right * view.scale) + padding);
  const bottom = Math.min(view.height, Math.ceil(box.bottom * view.scale) + padding);
  if (!(right > left && bottom > top)) return undefined;
  const [width, height] = [right - left, bottom - top];
  const stride = width + 2;
  const data = pool.take(slot, stride * height);
  for (const ring of path) {
    const length = ring.length;
    for (let index = 0; index + 1 < length; index += 2) {
      const follow = (index + 2) % length;
      addEdge(
        data,
        stride,
        width,
        height,
        (ring[index] ?? 0) * view.scale - left,
        (ring[index + 1] ?? 0) * view.scale - top,
        (ring[follow] ?? 0) * view.scale - left,
        (ring[follow + 1] ?? 0) * view.scale - top,
      );
    }
  }
  for (let y = 0; y < height; y += 1) {
    let sum = 0;
    for (let at = y * stride, end = at + width; at < end; at += 1) {
      sum += data[at] ?? 0;
      const cover = sum < 0 ? -sum : sum;
      data[at] = cover > 1 ? 1 : cover;
    }
  }
  return { left, top, width, height, stride, data };
}

function addEdge(
  data: Float32Array,
  stride: number,
  width: number,
  height: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): void {
  if (ay === by) return;
  const direction = ay < by ? 1 : -1;
  const [x0, y0, x1, y1] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay];
  if (y1 <= 0 || y0 >= height) return;
  const slope = (x1 - x0) / (y1 - y0);
  let x = y0 < 0 ? x0 - y0 * slope : x0;
  const start = Math.max(0, Math.floor(y0));
  const end = Math.min(height, Math.ceil(y1));
  for (let row = start; row < end; row += 1) {
    const dy = Math.min(row + 1, y1) - Math.max(row, y0);
    const nextX = x + slope * dy;
    addSpan(data, row * stride, direction * dy, clamp(x, width), clamp(nextX, width));
    x = nextX;
  }
}

function addSpan(data: Float32Array, row: number, d: number, xa: number, xb: number): void {
  const x0 = xa < xb ? xa : xb;
  const x1 = xa < xb ? xb : xa;
  const first = Math.floor(x0);
  const lastCeil = Math.ceil(x1);
  const at = row + first;
  if (lastCeil <= first + 1) {
    const middle = 0.5 * (x0 + x1) - first;
    data[at] = (data[at] ?? 0) + d - d * middle;
    data[at + 1] = (data[at + 1] ?? 0) + d * middle;
    return;
  }
  const s = 1 / (x1 - x0);
  const startPart = 1 - (x0 - first);
  const a0 = 0.5 * s * startPart * startPart;
  const endPart = x1 - lastCeil + 1;
  const am = 0.5 * s * endPart * endPart;
  data[at] = (data[at] ?? 0) + d * a0;
  if (lastCeil === first + 2) {
    data[at + 1] = (data[at + 1] ?? 0) + d * (1 - a0 - am);
  } else {
    const a1 = s * (1.5 - (x0 - first));
    data[at + 1] = (data[at + 1] ?? 0) + d * (a1 - a0);
    for (let pixel = first + 2; pixel < lastCeil - 1; pixel += 1) data[row + pixel] = (data[row + pixel] ?? 0) + d * s;
    const a2 = a1 + (lastCeil - first - 3) * s;
    data[row + lastCeil - 1] = (data[row + lastCeil - 1] ?? 0) + d * (1 - a2 - am);
  }
  data[row + lastCeil] = (data[row + lastCeil] ?? 0) + d * am;
}

function clamp(x: number, width: number): number {
  return x < 0 ? 0 : x > width ? width : x;
}
