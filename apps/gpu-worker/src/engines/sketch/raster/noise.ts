import { createRng } from '../rng.ts';

/** The texture repeats after one unit; its size in texels is a power of two, so that wrapping is a mask. */
const SIZE = 512;
const WRAP = SIZE - 1;

/** Fractal value noise, 0 to 1, mean about 0.5, baked once: a look-up costs a tenth of the octaves it holds. */
const FBM: Float32Array = bake(4, 6);
/** The same without the coarse octaves: grain, foliage, plaster. */
const FINE: Float32Array = bake(32, 4);

function bake(cells: number, octaves: number): Float32Array {
  const texture = new Float32Array(SIZE * SIZE);
  let amplitude = 1;
  let total = 0;
  for (let octave = 0, size = cells; octave < octaves && size <= SIZE; octave += 1, size *= 2) {
    addOctave(texture, size, amplitude, createRng('noise', cells, octave).next);
    total += amplitude;
    amplitude *= 0.5;
  }
  // The sum of octaves clusters about its mean; stretching uses the range.
  return texture.map((value) => Math.min(1, Math.max(0, (value / total - 0.5) * 1.6 + 0.5)));
}

function addOctave(texture: Float32Array, size: number, amplitude: number, next: () => number): void {
  const lattice = Float32Array.from({ length: size * size }, next);
  for (let y = 0; y < SIZE; y += 1) {
    const v = (y / SIZE) * size;
    const y0 = Math.floor(v);
    const ty = fade(v - y0);
    for (let x = 0; x < SIZE; x += 1) {
      const u = (x / SIZE) * size;
      const x0 = Math.floor(u);
      const tx = fade(u - x0);
      const [x1, y1] = [(x0 + 1) % size, (y0 + 1) % size];
      const above = (lattice[y0 * size + x0] ?? 0) * (1 - tx) + (lattice[y0 * size + x1] ?? 0) * tx;
      const below = (lattice[y1 * size + x0] ?? 0) * (1 - tx) + (lattice[y1 * size + x1] ?? 0) * tx;
      const at = y * SIZE + x;
      texture[at] = (texture[at] ?? 0) + (above * (1 - ty) + below * ty) * amplitude;
    }
  }
}

function fade(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10);
}

/** The innermost function of most shaders: written without tuples, which cost an allocation a pixel. */
function sample(texture: Float32Array, u: number, v: number): number {
  const x = u * SIZE;
  const y = v * SIZE;
  const fx = Math.floor(x);
  const fy = Math.floor(y);
  const tx = x - fx;
  const ty = y - fy;
  const x0 = fx & WRAP;
  const x1 = (fx + 1) & WRAP;
  const row0 = (fy & WRAP) * SIZE;
  const row1 = ((fy + 1) & WRAP) * SIZE;
  const a = texture[row0 + x0] ?? 0;
  const b = texture[row0 + x1] ?? 0;
  const c = texture[row1 + x0] ?? 0;
  const d = texture[row1 + x1] ?? 0;
  const above = a + (b - a) * tx;
  return above + (c + (d - c) * tx - above) * ty;
}

/** Smooth, cloud-like noise, 0 to 1, period 1 in both directions. */
export function fbm(u: number, v: number): number {
  return sample(FBM, u, v);
}

/** Fine-grained noise, 0 to 1, period 1 in both directions. */
export function grain(u: number, v: number): number {
  return sample(FINE, u, v);
}

/** One value in [0, 1) per pixel, for dither and film grain. */
export function hashPixel(x: number, y: number): number {
  let value = Math.imul(x, 0x27_d4_eb_2d) ^ Math.imul(y, 0x16_56_67_b1);
  value = Math.imul(value ^ (value >>> 15), 0x85_eb_ca_6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2_b2_ae_35);
  return ((value ^ (value >>> 16)) >>> 0) / 4_294_967_296;
}
