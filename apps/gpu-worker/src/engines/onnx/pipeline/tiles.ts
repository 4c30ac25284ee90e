/** A stretch of one axis, and how far its ends overlap with its neighbours'. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Stretches of one length that cover an axis, each at least `overlap` over the next one. */
function stretches(length: number, tile: number, overlap: number): Stretch[] {
  if (length <= tile) return [{ from: 0, to: length }];
  const count = Math.ceil((length - overlap) / (tile - overlap));
  return Array.from({ length: count }, (_, index) => {
    const from = Math.round((index * (length - tile)) / (count - 1));
    return { from, to: from + tile };
  });
}

/** A window of latents. */
export interface Tile {
  readonly x: Stretch;
  readonly y: Stretch;
}

export interface TileSizes {
  /** Of the whole, in latents. */
  readonly width: number;
  readonly height: number;
  /** Of a tile, and of the least overlap of two, in latents. */
  readonly side: number;
  readonly overlap: number;
  /** Pixels a latent. */
  readonly scale: number;
}

/** Share of an overlap, at each of its ends, where the tile that ends there does not count: it lacks what lies beyond. */
const MARGIN = 1 / 4;

/** Weight of a place in a stretch: it falls off to its ends, where another stretch goes on. */
function rampAt(place: number, { from, to }: Stretch, length: number, overlap: number): number {
  const margin = overlap * MARGIN;
  const fade = overlap - 2 * margin;
  const before = from === 0 ? 1 : (place - from - margin) / fade;
  const after = to === length ? 1 : (to - place - margin) / fade;
  return Math.max(0, Math.min(1, before, after));
}

/**
 * Decodes latents tile by tile and fades each tile into its neighbours, so that no more memory is needed than a tile takes.
 * The result is that of decoding at once where a pixel depends on no more than a quarter of the overlap around it.
 *
 * @param decode yields three planes of the tile's pixels
 */
export async function decodeInTiles(
  { width, height, side, overlap, scale }: TileSizes,
  decode: (tile: Tile) => Promise<Float32Array>,
): Promise<Float32Array> {
  const [fullWidth, fullHeight] = [width * scale, height * scale];
  const size = fullWidth * fullHeight;
  const sums = new Float32Array(size * 3);
  const weights = new Float32Array(size);
  for (const y of stretches(height, side, overlap)) {
    for (const x of stretches(width, side, overlap)) {
      const planes = await decode({ x, y });
      const [tileWidth, tileHeight] = [(x.to - x.from) * scale, (y.to - y.from) * scale];
      for (let row = 0; row < tileHeight; row += 1) {
        const placeY = y.from * scale + row;
        const weightY = rampAt((placeY + 0.5) / scale, y, height, overlap);
        for (let column = 0; column < tileWidth; column += 1) {
          const placeX = x.from * scale + column;
          const weight = weightY * rampAt((placeX + 0.5) / scale, x, width, overlap);
          const to = placeY * fullWidth + placeX;
          weights[to] = (weights[to] ?? 0) + weight;
          for (let color = 0; color < 3; color += 1) {
            const value = planes[(color * tileHeight + row) * tileWidth + column] ?? 0;
            sums[color * size + to] = (sums[color * size + to] ?? 0) + value * weight;
          }
        }
      }
    }
  }
  return sums.map((sum, at) => sum / (weights[at % size] ?? 1));
}
