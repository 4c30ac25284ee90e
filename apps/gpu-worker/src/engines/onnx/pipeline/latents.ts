import { LATENT_CHANNELS } from '../model/check-model.ts';
import type { LoadedModel } from '../model/load-model.ts';

/** Sizes of a picture on its way through a model. */
export interface Frame {
  /** Of the picture that was asked for, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the picture that is made, which is cut down to the one asked for. */
  readonly fullWidth: number;
  readonly fullHeight: number;
  readonly latentWidth: number;
  readonly latentHeight: number;
  /** Numbers of its latents. */
  readonly latents: number;
}

/** The networks halve latents several times: a picture whose latents cannot be halved so often is made larger, and cut. */
export function frameOf(
  { vae, unetShape: { latentStep } }: Pick<LoadedModel, 'vae' | 'unetShape'>,
  width: number,
  height: number,
): Frame {
  const unit = vae.pixels * latentStep;
  const [fullWidth, fullHeight] = [Math.ceil(width / unit) * unit, Math.ceil(height / unit) * unit];
  const [latentWidth, latentHeight] = [fullWidth / vae.pixels, fullHeight / vae.pixels];
  return {
    width,
    height,
    fullWidth,
    fullHeight,
    latentWidth,
    latentHeight,
    latents: LATENT_CHANNELS * latentWidth * latentHeight,
  };
}

export function latentDims({ latentWidth, latentHeight }: Frame, batch = 1): number[] {
  return [batch, LATENT_CHANNELS, latentHeight, latentWidth];
}
