import type { Graph } from './graph.ts';
import type { LoadedModel } from './load-model.ts';
import { brokenModel } from './model-error.ts';

export const LATENT_CHANNELS = 4;
/** Of a UNet for inpainting: latents, mask, and the latents of what is outside the mask. */
export const INPAINTING_CHANNELS = LATENT_CHANNELS + 1 + LATENT_CHANNELS;

const UNET_INPUTS = ['sample', 'timestep', 'encoder_hidden_states'];
const XL_INPUTS = ['text_embeds', 'time_ids'];
export const GUIDANCE_INPUT = 'timestep_cond';

/** A size of a port, where it is fixed. */
export function fixedDim(graph: Graph, port: string, axis: number): number | undefined {
  const dim = (graph.inputs.get(port) ?? graph.outputs.get(port))?.dims.at(axis);
  return typeof dim === 'number' ? dim : undefined;
}

function checkInputs(graph: Graph, required: readonly string[], optional: readonly string[] = []): void {
  const missing = required.filter((name) => !graph.inputs.has(name));
  const unknown = [...graph.inputs.keys()].filter((name) => ![...required, ...optional].includes(name));
  if (missing.length > 0) throw brokenModel(graph.file, `the input ${missing.join(', ')} is missing`);
  if (unknown.length > 0)
    throw brokenModel(graph.file, `has the input ${unknown.join(', ')}, which this engine does not know`);
}

/** The output of the text encoder that the UNet reads: the last state, or for SDXL the one before it. */
export function stateOutput({ folder }: Pick<LoadedModel, 'folder'>, graph: Graph): string {
  if (folder.family === 'sd')
    return graph.outputs.has('last_hidden_state') ? 'last_hidden_state' : ([...graph.outputs.keys()][0] ?? '');
  const states = [...graph.outputs.keys()]
    .map((name) => ({ name, at: Number(/^hidden_states\.(\d+)$/.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ at }) => !Number.isNaN(at))
    .sort((a, b) => a.at - b.at);
  const state = states.at(-2);
  if (state === undefined) throw brokenModel(graph.file, 'the outputs hidden_states.0, hidden_states.1, … are missing');
  return state.name;
}

function checkContext(model: LoadedModel): void {
  const takes = fixedDim(model.unet, 'encoder_hidden_states', 2);
  const sizes = model.encoders.map(({ graph }) => fixedDim(graph, stateOutput(model, graph), 2));
  const makes = sizes.reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  if (takes === undefined || makes === undefined || takes === makes) return;
  const files = model.encoders.map(({ graph }) => graph.file).join(' and ');
  throw brokenModel(model.unet.file, `takes ${takes} numbers a token, but ${files} make ${makes}`);
}

/** @throws EngineError that names the file whose inputs, outputs or sizes do not go with the others */
export function checkModel(model: LoadedModel): void {
  const { encoders, unet, unetShape, decoder, folder } = model;
  for (const { graph } of encoders) checkInputs(graph, ['input_ids']);
  checkInputs(unet, folder.family === 'sdxl' ? [...UNET_INPUTS, ...XL_INPUTS] : UNET_INPUTS, [GUIDANCE_INPUT]);
  checkInputs(decoder, ['latent_sample']);
  const { channels } = unetShape;
  if (channels !== LATENT_CHANNELS && channels !== INPAINTING_CHANNELS) {
    throw brokenModel(
      unet.file,
      `the input sample has ${channels} channels instead of ${LATENT_CHANNELS} or ${INPAINTING_CHANNELS}`,
    );
  }
  const decoded = fixedDim(decoder, 'latent_sample', 1) ?? LATENT_CHANNELS;
  if (decoded !== LATENT_CHANNELS) {
    throw brokenModel(decoder.file, `the input latent_sample has ${decoded} channels instead of ${LATENT_CHANNELS}`);
  }
  checkContext(model);
}
