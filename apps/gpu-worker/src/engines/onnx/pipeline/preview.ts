import type { ModelFolder } from '../model/model-folder.ts';
import type { Frame } from './latents.ts';
import type { Pixels } from './picture-order.ts';

/** Colours that the channels of latents stand for, from -1 to 1, and what is added: linear fits that are in wide use for previews. */
const COLORS = {
  sd: {
    factors: [
      [0.3512, 0.2297, 0.3227],
      [0.325, 0.4974, 0.235],
      [-0.2829, 0.1762, 0.2721],
      [-0.212, -0.2616, -0.7177],
    ],
    bias: [0, 0, 0],
  },
  sdxl: {
    factors: [
      [0.3651, 0.4232, 0.4341],
      [-0.2533, -0.0042, 0.1068],
      [0.1076, 0.1111, -0.0362],
      [-0.3165, -0.2492, -0.2188],
    ],
    bias: [0.1084, -0.0175, -0.0011],
  },
} as const;

/** A small picture of latents without running the decoder: a pixel a latent. */
export function previewOf(
  family: ModelFolder['family'],
  latents: Float32Array,
  { latentWidth, latentHeight }: Frame,
): Pixels {
  const { factors, bias } = COLORS[family];
  const size = latentWidth * latentHeight;
  // Clamps and rounds by itself.
  const data = new Uint8ClampedArray(size * 3);
  for (const [color, base] of bias.entries()) {
    const [first = 0, second = 0, third = 0, fourth = 0] = factors.map((channel) => channel[color] ?? 0);
    for (let at = 0; at < size; at += 1) {
      const value =
        first * (latents[at] ?? 0) +
        second * (latents[size + at] ?? 0) +
        third * (latents[2 * size + at] ?? 0) +
        fourth * (latents[3 * size + at] ?? 0);
      data[at * 3 + color] = (value + base) * 127.5 + 127.5;
    }
  }
  return { width: latentWidth, height: latentHeight, data: new Uint8Array(data.buffer) };
}
