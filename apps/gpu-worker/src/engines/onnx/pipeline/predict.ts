import { fixedDim, GUIDANCE_INPUT } from '../model/check-model.ts';
import type { Values } from '../model/tensors.ts';
import type { LoadedModel } from '../model/load-model.ts';
import { guidanceEmbedding, guide } from './guidance.ts';
import type { Conditioning, Prompts } from './encode-prompt.ts';
import { joinFloats } from './join-floats.ts';
import type { Frame } from './latents.ts';
import type { PictureHooks } from './picture-order.ts';

/** What the UNet makes of latents at a timestep, guided by the prompts. */
export type Predict = (input: Float32Array, timestep: number) => Promise<Float32Array>;

/** Whether guidance is an input of the UNet, which then needs no second run for the negative prompt. */
export function hasGuidanceInput({ unet }: Pick<LoadedModel, 'unet'>): boolean {
  return unet.inputs.has(GUIDANCE_INPUT);
}

function repeated(data: Float32Array | readonly number[], times: number): Float32Array {
  const all = new Float32Array(data.length * times);
  for (let at = 0; at < times; at += 1) all.set(data, at * data.length);
  return all;
}

/** One number, one number a picture, or no axis at all: exports differ. */
function timestepValues({ unet }: LoadedModel, timestep: number, batch: number): Values {
  const [axis] = unet.inputs.get('timestep')?.dims ?? [];
  if (axis === undefined) return { data: [timestep], dims: [] };
  const isBatch = axis === unet.inputs.get('sample')?.dims[0];
  const count = typeof axis === 'number' ? axis : isBatch ? batch : 1;
  return { data: repeated([timestep], count), dims: [count] };
}

interface Predictor {
  readonly model: LoadedModel;
  readonly frame: Frame;
  readonly prompts: Prompts;
  readonly guidance: number;
  /** Channels beside the latents, of a UNet for inpainting. */
  readonly extra: Float32Array | undefined;
  readonly checkpoint: PictureHooks['checkpoint'];
}

function feedsOf(
  { model, frame, guidance, extra }: Predictor,
  conditions: readonly Conditioning[],
  latents: Float32Array,
  timestep: number,
) {
  const { unet, unetShape } = model;
  const batch = conditions.length;
  const sample = extra === undefined ? latents : joinFloats([latents, extra]);
  const tokens = conditions[0]?.tokens ?? 0;
  const context = joinFloats(conditions.map((each) => each.context));
  const { width, height, latentWidth, latentHeight } = frame;
  const feeds: Record<string, Values> = {
    sample: { data: repeated(sample, batch), dims: [batch, unetShape.channels, latentHeight, latentWidth] },
    timestep: timestepValues(model, timestep, batch),
    encoder_hidden_states: { data: context, dims: [batch, tokens, context.length / (batch * tokens)] },
  };
  if (unet.inputs.has('text_embeds')) {
    const summaries = conditions.map((each) => each.summary ?? new Float32Array());
    feeds['text_embeds'] = { data: joinFloats(summaries), dims: [batch, summaries[0]?.length ?? 0] };
    // Size of the original, where it was cropped, size of the picture.
    feeds['time_ids'] = { data: repeated([height, width, 0, 0, height, width], batch), dims: [batch, 6] };
  }
  if (hasGuidanceInput(model)) {
    const size = unetShape.guidanceSize;
    feeds[GUIDANCE_INPUT] = { data: repeated(guidanceEmbedding(guidance, size), batch), dims: [batch, size] };
  }
  return feeds;
}

/** Both prompts go through the UNet in one run, unless it was exported for one picture at a time. */
export function makePredict(predictor: Predictor): Predict {
  const { model, prompts, guidance, checkpoint } = predictor;
  const { unet } = model;
  const { positive, negative } = prompts;
  const isSingle = fixedDim(unet, 'sample', 0) === 1;

  async function run(
    conditions: readonly Conditioning[],
    latents: Float32Array,
    timestep: number,
  ): Promise<Float32Array> {
    const [output = new Float32Array()] = await unet.run(feedsOf(predictor, conditions, latents, timestep), [
      'out_sample',
    ]);
    await checkpoint();
    return output;
  }

  return async function predict(latents, timestep) {
    if (negative === undefined) return run([positive], latents, timestep);
    if (isSingle) {
      return guide(await run([negative], latents, timestep), await run([positive], latents, timestep), guidance);
    }
    const both = await run([negative, positive], latents, timestep);
    return guide(both.subarray(0, latents.length), both.subarray(latents.length), guidance);
  };
}
