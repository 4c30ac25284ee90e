import { INPAINTING_CHANNELS, LATENT_CHANNELS } from '../model/check-model.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { NormalNoise } from '../noise/philox.ts';
import type { Sampler } from '../schedule/sampler.ts';
import type { Frame } from './latents.ts';
import type { PictureOrder, Pixels } from './picture-order.ts';
import { extended } from './pixels.ts';
import { encodePixels } from './vae-codec.ts';

/** What a run of the sampler starts from. */
export interface Beginning {
  readonly latents: Float32Array;
  /** The first step that is taken. */
  readonly firstStep: number;
  /** The picture's own latents and the noise they were given, and where they may change: 1 or 0 a latent. */
  readonly kept:
    | { readonly latents: Float32Array; readonly noise: Float32Array; readonly mask: Float32Array }
    | undefined;
  /** Channels beside the latents, of a UNet for inpainting. */
  readonly extra: Float32Array | undefined;
}

/** A latent may change when any of its pixels may: what must stay is put back pixel by pixel in the end. */
export function latentMask(mask: Pixels, { latentWidth, latentHeight }: Frame, scale: number): Float32Array {
  const latent = new Float32Array(latentWidth * latentHeight);
  for (let at = 0; at < mask.data.length; at += 1) {
    if ((mask.data[at] ?? 0) === 0) continue;
    const [x, y] = [at % mask.width, Math.floor(at / mask.width)];
    latent[Math.floor(y / scale) * latentWidth + Math.floor(x / scale)] = 1;
  }
  return latent;
}

/** The picture with grey where it may change. */
function withoutMasked(image: Pixels, mask: Pixels): Pixels {
  const data = image.data.map((value, at) => ((mask.data[Math.floor(at / 3)] ?? 0) > 0 ? 128 : value));
  return { ...image, data };
}

function whitened({ width, height }: Frame): Pixels {
  return { width, height, data: new Uint8Array(width * height).fill(255) };
}

/** How many of the steps change a picture at this strength: one at least. */
export function stepsTaken(steps: number, strength: number): number {
  return Math.min(steps, Math.max(1, Math.floor(steps * strength + 1e-9)));
}

/** Latents, their mask and the rest of the picture, as a UNet for inpainting was trained to take them. */
async function inpaintingChannels(model: LoadedModel, frame: Frame, order: PictureOrder): Promise<Float32Array> {
  const size = frame.latentWidth * frame.latentHeight;
  const extra = new Float32Array((INPAINTING_CHANNELS - LATENT_CHANNELS) * size);
  const mask = extended(order.from?.mask ?? whitened(frame), frame.fullWidth, frame.fullHeight);
  const blank = {
    width: frame.width,
    height: frame.height,
    data: new Uint8Array(frame.width * frame.height * 3).fill(128),
  };
  const image = extended(order.from?.image ?? blank, frame.fullWidth, frame.fullHeight);
  extra.set(latentMask(mask, frame, model.vae.pixels));
  extra.set(await encodePixels(model, withoutMasked(image, mask)), size);
  return extra;
}

/** The latents that a picture begins as: noise alone, or a picture with as much noise as its first step expects. */
export async function beginPicture(
  model: LoadedModel,
  order: PictureOrder,
  { frame, sampler, noise }: { frame: Frame; sampler: Sampler; noise: NormalNoise },
): Promise<Beginning> {
  const { from, steps } = order;
  const drawn = noise.draw(frame.latents);
  const extra =
    model.unetShape.channels === INPAINTING_CHANNELS ? await inpaintingChannels(model, frame, order) : undefined;
  const pure = drawn.map((value) => value * sampler.startDeviation);
  if (from === undefined) return { latents: pure, firstStep: 0, kept: undefined, extra };
  const image = await encodePixels(model, extended(from.image, frame.fullWidth, frame.fullHeight));
  const firstStep = steps - stepsTaken(steps, from.strength);
  const latents = firstStep === 0 && from.strength === 1 ? pure : sampler.addNoise(image, drawn, firstStep);
  if (from.mask === undefined) return { latents, firstStep, kept: undefined, extra };
  const mask = latentMask(extended(from.mask, frame.fullWidth, frame.fullHeight), frame, model.vae.pixels);
  return { latents, firstStep, kept: { latents: image, noise: drawn, mask }, extra };
}
