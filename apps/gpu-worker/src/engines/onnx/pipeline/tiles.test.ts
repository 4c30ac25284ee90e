import { describe, expect, it } from 'vitest';
import { decodeInTiles, type Tile } from './tiles.ts';

const SCALE = 2;

/** Each pixel is what its own latent and the ones next to it come to: what lies outside a window counts as 0. */
function decoderOf(width: number, height: number) {
  const latents = Float32Array.from({ length: width * height }, (_, at) => Math.sin(at * 1.7) + (at % width) / 10);
  const seen: Tile[] = [];
  const at = (x: number, y: number, tile: Tile) =>
    x < tile.x.from || x >= tile.x.to || y < tile.y.from || y >= tile.y.to ? 0 : (latents[y * width + x] ?? 0);

  async function decode(tile: Tile): Promise<Float32Array> {
    seen.push(tile);
    const [tileWidth, tileHeight] = [(tile.x.to - tile.x.from) * SCALE, (tile.y.to - tile.y.from) * SCALE];
    const planes = new Float32Array(tileWidth * tileHeight * 3);
    for (let index = 0; index < planes.length; index += 1) {
      const pixel = index % (tileWidth * tileHeight);
      const x = tile.x.from + Math.floor((pixel % tileWidth) / SCALE);
      const y = tile.y.from + Math.floor(Math.floor(pixel / tileWidth) / SCALE);
      const around = at(x - 1, y, tile) + at(x + 1, y, tile) + at(x, y - 1, tile) + at(x, y + 1, tile);
      planes[index] = at(x, y, tile) + around / 8 + Math.floor(index / (tileWidth * tileHeight)) * 10;
    }
    return planes;
  }
  return { decode, seen };
}

describe('decoding in tiles', () => {
  it.each([
    [64, 64],
    [50, 33],
    [100, 32],
    [33, 97],
    [20, 20],
  ])('gives of %i × %i latents what decoding at once gives', async (width, height) => {
    const { decode, seen } = decoderOf(width, height);
    const whole = await decode({ x: { from: 0, to: width }, y: { from: 0, to: height } });
    const tiled = await decodeInTiles({ width, height, side: 32, overlap: 8, scale: SCALE }, decode);
    const worst = tiled.reduce((most, value, at) => Math.max(most, Math.abs(value - (whole[at] ?? 0))), 0);
    expect(tiled).toHaveLength(whole.length);
    expect(worst).toBeLessThan(1e-5);
    for (const { x, y } of seen.slice(1)) {
      expect(x.to - x.from).toBe(Math.min(32, width));
      expect(y.to - y.from).toBe(Math.min(32, height));
    }
  });
});
