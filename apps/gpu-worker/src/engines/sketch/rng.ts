/** A deterministic stream of random numbers. The same parts give the same numbers on every machine. */
export interface Rng {
  /** In [0, 1). */
  next(): number;
  between(low: number, high: number): number;
  /** A whole number in [low, high], both included. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** An independent stream, so that what one part of a picture draws does not shift the others. */
  fork(label: string): Rng;
}

/** Bob Jenkins's small fast counting generator (sfc32), seeded by a 128-bit hash of the parts. */
export function createRng(...parts: readonly (string | number)[]): Rng {
  const key = parts.join('\u{1f}');
  let [a, b, c, counter] = hash128(key);
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let warmUp = 0; warmUp < 12; warmUp += 1) next();
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    fork: (label) => createRng(key, label),
  };
}

/** Four FNV-1a lanes with different offsets. */
function hash128(text: string): [number, number, number, number] {
  const lanes: [number, number, number, number] = [0x81_1c_9d_c5, 0x9e_37_79_b9, 0x85_eb_ca_6b, 0xc2_b2_ae_35];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    for (let lane = 0; lane < 4; lane += 1) {
      const mixed = Math.imul((lanes[lane] ?? 0) ^ (code + lane * 0x1_01), 0x01_00_01_93);
      lanes[lane] = mixed ^ (mixed >>> 15);
    }
  }
  return lanes;
}
