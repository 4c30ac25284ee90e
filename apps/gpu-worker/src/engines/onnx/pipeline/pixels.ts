import type { Pixels } from './picture-order.ts';

/** Repeats the last column and row, until the picture is of this size. */
export function extended({ width, height, data }: Pixels, toWidth: number, toHeight: number): Pixels {
  if (width === toWidth && height === toHeight) return { width, height, data };
  const channels = data.length / (width * height);
  const whole = new Uint8Array(toWidth * toHeight * channels);
  for (let y = 0; y < toHeight; y += 1) {
    for (let x = 0; x < toWidth; x += 1) {
      const from = (Math.min(y, height - 1) * width + Math.min(x, width - 1)) * channels;
      whole.set(data.subarray(from, from + channels), (y * toWidth + x) * channels);
    }
  }
  return { width: toWidth, height: toHeight, data: whole };
}

/** RGB bytes to planes of numbers from -1 to 1, as the encoder takes them. */
export function toPlanes({ width, height, data }: Pixels): Float32Array {
  const size = width * height;
  const planes = new Float32Array(size * 3);
  for (let at = 0; at < planes.length; at += 1) {
    planes[at] = (data[(at % size) * 3 + Math.floor(at / size)] ?? 0) / 127.5 - 1;
  }
  return planes;
}

/** The upper left part of planes of numbers from -1 to 1, as RGB bytes. */
export function toPixels(planes: Float32Array, fullWidth: number, width: number, height: number): Pixels {
  const size = planes.length / 3;
  // Clamps and rounds by itself.
  const data = new Uint8ClampedArray(width * height * 3);
  for (let channel = 0; channel < 3; channel += 1) {
    for (let y = 0; y < height; y += 1) {
      const from = channel * size + y * fullWidth;
      const to = y * width * 3 + channel;
      for (let x = 0; x < width; x += 1) data[to + x * 3] = (planes[from + x] ?? 0) * 127.5 + 127.5;
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

/** The new picture where the mask is white, the old one where it is black, and a mix of both between. */
export function composed(made: Pixels, before: Pixels, mask: Pixels): Pixels {
  const data = made.data.map((value, at) => {
    const share = (mask.data[Math.floor(at / 3)] ?? 0) / 255;
    return Math.round(value * share + (before.data[at] ?? 0) * (1 - share));
  });
  return { width: made.width, height: made.height, data };
}

/** Whether all pixels are the same, which is what numbers that overflowed look like. */
export function isUniform({ data }: Pixels): boolean {
  for (let at = 3; at < data.length; at += 1) if (data[at] !== data[at - 3]) return false;
  return true;
}
