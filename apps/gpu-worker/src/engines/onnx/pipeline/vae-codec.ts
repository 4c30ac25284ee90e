import { LATENT_CHANNELS } from '../model/check-model.ts';
import type { LoadedModel, Vae } from '../model/load-model.ts';
import { latentDims, type Frame } from './latents.ts';
import type { PictureHooks, Pixels } from './picture-order.ts';
import { toPlanes } from './pixels.ts';
import { decodeInTiles, type Tile } from './tiles.ts';

/** Sides of tiles, in latents: 256 pixels at least, in steps of 64. */
const LEAST_SIDE = 32;
const SIDE_STEP = 8;

/** Bytes that the decoder's largest activations take for a pixel: two of the second level's channels and one of the first's. */
function bytesPerPixel({ channels }: Vae): number {
  return channels * 2.5 * Float32Array.BYTES_PER_ELEMENT;
}

/** Side of the largest tile whose activations fit, in latents; undefined where the whole picture does. */
export function tileSide(vae: Vae, { fullWidth, fullHeight }: Frame, decodeBytes: number): number | undefined {
  const pixels = decodeBytes / bytesPerPixel(vae);
  if (fullWidth * fullHeight <= pixels) return undefined;
  const side = Math.floor(Math.sqrt(pixels) / vae.pixels / SIDE_STEP) * SIDE_STEP;
  return Math.max(LEAST_SIDE, side);
}

function windowOf(latents: Float32Array, { latentWidth, latentHeight }: Frame, { x, y }: Tile): Float32Array {
  const [width, height] = [x.to - x.from, y.to - y.from];
  const cut = new Float32Array(LATENT_CHANNELS * width * height);
  for (let channel = 0; channel < LATENT_CHANNELS; channel += 1) {
    for (let row = 0; row < height; row += 1) {
      const from = (channel * latentHeight + y.from + row) * latentWidth + x.from;
      cut.set(latents.subarray(from, from + width), (channel * height + row) * width);
    }
  }
  return cut;
}

/**
 * Latents to planes of pixels from -1 to 1, in tiles where the whole picture would take more memory than `decodeBytes`.
 */
export async function decodeLatents(
  { decoder, vae }: LoadedModel,
  latents: Float32Array,
  frame: Frame,
  { decodeBytes, checkpoint }: { decodeBytes: number; checkpoint: PictureHooks['checkpoint'] },
): Promise<Float32Array> {
  const scaled = latents.map((value) => value / vae.scale + vae.shift);
  const run = async (data: Float32Array, dims: readonly number[]): Promise<Float32Array> => {
    const [planes = new Float32Array()] = await decoder.run({ latent_sample: { data, dims } }, ['sample']);
    await checkpoint();
    return planes;
  };
  const side = tileSide(vae, frame, decodeBytes);
  if (side === undefined) return run(scaled, latentDims(frame));
  const { latentWidth: width, latentHeight: height } = frame;
  return decodeInTiles({ width, height, side, overlap: side / 4, scale: vae.pixels }, (tile) =>
    run(windowOf(scaled, frame, tile), [1, LATENT_CHANNELS, tile.y.to - tile.y.from, tile.x.to - tile.x.from]),
  );
}

/** A picture's latents: the mean of what the encoder finds, so that the same picture has the same ones. */
export async function encodePixels({ encoder, vae }: LoadedModel, pixels: Pixels): Promise<Float32Array> {
  const graph = await encoder();
  const output = [...graph.outputs.keys()].find((name) => name.startsWith('latent')) ?? 'latent_sample';
  const feeds = { sample: { data: toPlanes(pixels), dims: [1, 3, pixels.height, pixels.width] } };
  const [found = new Float32Array()] = await graph.run(feeds, [output]);
  const count = (LATENT_CHANNELS * pixels.width * pixels.height) / vae.pixels ** 2;
  return found.subarray(0, count).map((value) => (value - vae.shift) * vae.scale);
}
