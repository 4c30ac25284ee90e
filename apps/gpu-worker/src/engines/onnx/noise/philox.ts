const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const;
const ROUNDS = 10;

type Words = readonly [number, number, number, number];

/** The upper half of the product of two 32-bit numbers. */
function upperProduct(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000)) >>> 0;
}

/**
 * Philox-4x32-10: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (2011). Counter and key in, four random
 * 32-bit numbers out.
 */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [high0, low0] = [upperProduct(MULTIPLIERS[0], c0), Math.imul(MULTIPLIERS[0], c0)];
    const [high1, low1] = [upperProduct(MULTIPLIERS[1], c2), Math.imul(MULTIPLIERS[1], c2)];
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1 >>> 0, (high0 ^ c3 ^ k1) >>> 0, low0 >>> 0];
    k0 = (k0 + KEY_STEPS[0]) >>> 0;
    k1 = (k1 + KEY_STEPS[1]) >>> 0;
  }
  return [c0, c1, c2, c3];
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
    for (let at = 0; at < count; at += 1) {
      const [first, second] = philox([this.#offset, 0, at, 0], this.#key);
      const radius = Math.sqrt(-2 * Math.log((first + 0.5) / 2 ** 32));
      noise[at] = radius * Math.sin(((second + 0.5) / 2 ** 32) * 2 * Math.PI);
    }
    this.#offset += 1;
    return noise;
  }
}
