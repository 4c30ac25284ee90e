import { stateOutput } from '../model/check-model.ts';
import type { LoadedModel, TextEncoder } from '../model/load-model.ts';
import { parseWeights, type WeightedText } from '../text/prompt-weights.ts';
import { chunkTokens, type TokenChunk } from '../text/token-chunks.ts';
import { emphasize } from './emphasis.ts';
import { joinFloats } from './join-floats.ts';
import type { PictureHooks } from './picture-order.ts';

/** A prompt as the UNet reads it. */
export interface Conditioning {
  /** A state for each token. */
  readonly context: Float32Array;
  readonly tokens: number;
  /** What SDXL takes the whole prompt to be. */
  readonly summary: Float32Array | undefined;
}

type Checkpoint = PictureHooks['checkpoint'];

interface Encoded {
  readonly states: Float32Array;
  readonly size: number;
  readonly summary: Float32Array | undefined;
}

async function encodeChunks(
  model: LoadedModel,
  { graph }: TextEncoder,
  chunks: readonly TokenChunk[],
  checkpoint: Checkpoint,
): Promise<Encoded> {
  const summaryOutputs = graph.outputs.has('text_embeds') ? ['text_embeds'] : [];
  const states: Float32Array[] = [];
  let summary: Float32Array | undefined;
  for (const { ids, weights } of chunks) {
    const feeds = { input_ids: { data: ids, dims: [1, ids.length] } };
    const [state = new Float32Array(), whole] = await graph.run(feeds, [stateOutput(model, graph), ...summaryOutputs]);
    states.push(emphasize(state, weights));
    summary ??= whole;
    await checkpoint();
  }
  const size = (states[0]?.length ?? 0) / (chunks[0]?.ids.length ?? 1);
  return { states: joinFloats(states), size, summary };
}

/** The states of several encoders, token beside token. */
function sideBySide(encoded: readonly Encoded[], tokens: number): Float32Array {
  const [first] = encoded;
  if (first !== undefined && encoded.length === 1) return first.states;
  const rows = Array.from({ length: tokens }, (_, token) =>
    encoded.map(({ states, size }) => states.subarray(token * size, (token + 1) * size)),
  );
  return joinFloats(rows.flat());
}

async function encodeTexts(
  model: LoadedModel,
  texts: readonly WeightedText[],
  chunkCount: number,
  checkpoint: Checkpoint,
): Promise<Conditioning> {
  const encoded: Encoded[] = [];
  let tokens = 0;
  for (const encoder of model.encoders) {
    const chunks = chunkTokens(encoder.tokenizer, texts);
    const empty = chunkTokens(encoder.tokenizer, []);
    while (chunks.length < chunkCount) chunks.push(...empty);
    tokens = chunks.reduce((sum, { ids }) => sum + ids.length, 0);
    encoded.push(await encodeChunks(model, encoder, chunks, checkpoint));
  }
  return { context: sideBySide(encoded, tokens), tokens, summary: encoded.at(-1)?.summary };
}

function zeroed({ context, tokens, summary }: Conditioning): Conditioning {
  return {
    context: new Float32Array(context.length),
    tokens,
    summary: summary && new Float32Array(summary.length),
  };
}

export interface Prompts {
  readonly positive: Conditioning;
  /** Undefined where there is no guidance. */
  readonly negative: Conditioning | undefined;
}

/**
 * Encodes both prompts into as many chunks as the longer one takes. SDXL was trained on nothing at all where there is no
 * negative prompt, if its `model_index.json` says so.
 */
export async function encodePrompts(
  model: LoadedModel,
  { prompt, negativePrompt, isGuided }: { prompt: string; negativePrompt: string; isGuided: boolean },
  checkpoint: Checkpoint,
): Promise<Prompts> {
  const [texts, negativeTexts] = [parseWeights(prompt), parseWeights(negativePrompt)];
  const all = isGuided ? [texts, negativeTexts] : [texts];
  const counts = model.encoders.flatMap(({ tokenizer }) => all.map((each) => chunkTokens(tokenizer, each).length));
  const chunkCount = Math.max(...counts);
  const positive = await encodeTexts(model, texts, chunkCount, checkpoint);
  if (!isGuided) return { positive, negative: undefined };
  const { family, index } = model.folder;
  if (family === 'sdxl' && index.force_zeros_for_empty_prompt && negativePrompt === '') {
    return { positive, negative: zeroed(positive) };
  }
  return { positive, negative: await encodeTexts(model, negativeTexts, chunkCount, checkpoint) };
}
