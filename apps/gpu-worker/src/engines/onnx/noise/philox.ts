const [MULTIPLIER_0, MULTIPLIER_1] = [0xd2511f53, 0xcd9e8d57];
const [KEY_STEP_0, KEY_STEP_1] = [0x9e3779b9, 0xbb67ae85];
const ROUNDS = 10;

type Words = readonly [number, number, number, number];

/** The upper half of the product of two 32-bit numbers, by halves of 16 bits: none of the sums is beyond 32. */
function upperProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) >>> 0;
  const other = (Math.imul(aLow, bHigh) + (middle & 0xffff)) >>> 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (other >>> 16)) >>> 0;
}

/**
 * Philox-4x32-10: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (2011). Counter and key in, four random
 * 32-bit numbers out; written into `out`, as a picture takes thousands of them.
 */
export function philox([w0, w1, w2, w3]: Words, [first, second]: readonly [number, number], out: Uint32Array): void {
  let [c0, c1, c2, c3] = [w0, w1, w2, w3];
  let [k0, k1] = [first, second];
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = upperProduct(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = upperProduct(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + KEY_STEP_0) >>> 0;
    k1 = (k1 + KEY_STEP_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/**
 * The normal noise of one picture, by its seed: Philox-4x32-10 with the element as its counter and the draw as its offset,
 * and the sine half of Box and Muller (1958). These are the numbers of `torch.randn` on CUDA, and of the WebUI's "NV" source,
 * to the rounding of their 32-bit logarithms and sines; PyTorch on a CPU draws others.
 */
export class NormalNoise {
  readonly #key: readonly [number, number];
  #offset = 0;

  /** @param seed 0 to 2^53 - 1 */
  constructor(seed: number) {
    this.#key = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
  }

  draw(count: number): Float32Array {
    const noise = new Float32Array(count);
    const words = new Uint32Array(4);
    for (let at = 0; at < count; at += 1) {
      philox([this.#offset, 0, at, 0], this.#key, words);
      const [first = 0, second = 0] = [words[0], words[1]];
      const radius = Math.sqrt(-2 * Math.log((first + 0.5) / 2 ** 32));
      noise[at] = radius * Math.sin(((second + 0.5) / 2 ** 32) * 2 * Math.PI);
    }
    this.#offset += 1;
    return noise;
  }
}
