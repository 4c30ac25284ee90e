import { EngineError } from '../../engine-error.ts';
import { fixedDim } from '../model/check-model.ts';
import type { LoadedModel } from '../model/load-model.ts';
import { NormalNoise } from '../noise/philox.ts';
import { makeSampler } from '../schedule/make-sampler.ts';
import type { Sampler } from '../schedule/sampler.ts';
import { type Beginning, beginPicture } from './begin-picture.ts';
import { encodePrompts } from './encode-prompt.ts';
import { type Frame, frameOf } from './latents.ts';
import type { PictureHooks, PictureOrder, Pixels } from './picture-order.ts';
import { composed, isUniform, toPixels } from './pixels.ts';
import { hasGuidanceInput, makePredict, type Predict } from './predict.ts';
import { previewOf } from './preview.ts';
import { decodeLatents } from './vae-codec.ts';

function invalid(message: string): EngineError {
  return new EngineError('input_invalid', message, { isRetryable: false });
}

function badOutput(message: string): EngineError {
  return new EngineError('bad_output', message, { isRetryable: false });
}

function samplerOf({ scheduler }: LoadedModel, { sampler, steps }: PictureOrder): Sampler {
  try {
    return makeSampler(sampler, scheduler, steps);
  } catch (error) {
    throw error instanceof RangeError ? invalid(error.message) : error;
  }
}

/** Some exports are for pictures of one size. */
function checkSize({ unet, vae }: LoadedModel, { latentWidth, latentHeight, width, height }: Frame): void {
  const [onlyHeight = latentHeight, onlyWidth = latentWidth] = [
    fixedDim(unet, 'sample', 2),
    fixedDim(unet, 'sample', 3),
  ];
  if (onlyHeight === latentHeight && onlyWidth === latentWidth) return;
  const only = `${onlyWidth * vae.pixels} × ${onlyHeight * vae.pixels}`;
  throw invalid(
    `input.width and input.height: this model makes pictures of ${only} pixels only, not ${width} × ${height}`,
  );
}

/** Puts what may not change back to how it is at this step. */
function restored(latents: Float32Array, { kept }: Beginning, sampler: Sampler, step: number): Float32Array {
  if (kept === undefined) return latents;
  const before = sampler.addNoise(kept.latents, kept.noise, step);
  return latents.map((value, at) => (kept.mask[at % kept.mask.length] === 1 ? value : (before[at] ?? 0)));
}

interface Run {
  readonly model: LoadedModel;
  readonly order: PictureOrder;
  readonly frame: Frame;
  readonly sampler: Sampler;
  readonly noise: NormalNoise;
  readonly hooks: PictureHooks;
}

async function denoise(run: Run, beginning: Beginning, predict: Predict): Promise<Float32Array> {
  const { model, order, frame, sampler, noise, hooks } = run;
  const { firstStep } = beginning;
  let { latents } = beginning;
  for (let index = firstStep; index < order.steps; index += 1) {
    const modelOutput = await predict(sampler.modelInput(latents, index), sampler.timesteps[index] ?? 0);
    const step = sampler.step({ index, latents, modelOutput, noise: () => noise.draw(frame.latents) });
    latents = restored(step.latents, beginning, sampler, index + 1);
    const preview = previewOf(model.folder.family, step.denoised, frame);
    hooks.onStep(index + 1 - firstStep, order.steps - firstStep, preview);
  }
  if (!latents.every(Number.isFinite)) throw badOutput(`${model.unet.file} made numbers that are not finite`);
  return latents;
}

/**
 * Makes one picture. The same model, order and number of threads give the same pixels.
 * @throws EngineError `input_invalid`, `bad_output`, or what a network fails with; what the checkpoint throws
 */
export async function makePicture(
  model: LoadedModel,
  order: PictureOrder,
  hooks: PictureHooks,
  { decodeBytes }: { decodeBytes: number },
): Promise<Pixels> {
  const { from, width, height, guidance } = order;
  if (from?.strength === 0) return from.image;
  const frame = frameOf(model, width, height);
  checkSize(model, frame);
  const sampler = samplerOf(model, order);
  const noise = new NormalNoise(order.seed);
  const isGuided = guidance > 1 && !hasGuidanceInput(model);
  const prompts = await encodePrompts(model, { ...order, isGuided }, hooks.checkpoint);
  const beginning = await beginPicture(model, order, { frame, sampler, noise });
  const { checkpoint } = hooks;
  const predict = makePredict({ model, frame, prompts, guidance, extra: beginning.extra, checkpoint });
  const latents = await denoise({ model, order, frame, sampler, noise, hooks }, beginning, predict);
  const planes = await decodeLatents(model, latents, frame, { decodeBytes, checkpoint });
  if (!planes.every(Number.isFinite)) throw badOutput(`${model.decoder.file} made numbers that are not finite`);
  const made = toPixels(planes, frame.fullWidth, width, height);
  if (isUniform(made)) throw badOutput(`${model.decoder.file} made a picture of one colour`);
  return from?.mask === undefined ? made : composed(made, from.image, from.mask);
}
