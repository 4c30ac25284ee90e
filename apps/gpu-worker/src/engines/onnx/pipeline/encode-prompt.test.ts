import { describe, expect, it } from 'vitest';
import type { Graph } from '../model/graph.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { ClipTokenizer } from '../text/clip-tokenizer.ts';
import { encodePrompts } from './encode-prompt.ts';

const LENGTH = 4;

/** A token for each letter, by its place in the alphabet; two of them in a chunk. */
const tokenizer: ClipTokenizer = {
  startId: 100,
  endId: 200,
  padId: 0,
  length: LENGTH,
  encode: (text) => [...text.replaceAll(' ', '')].map((letter) => letter.charCodeAt(0) - 96),
};

/** An encoder whose last but one state of a token is the token and its `mark`, and whose summary is the first letter. */
function anEncoder(mark: number, states: number): LoadedModel['encoders'][number] {
  const names = [
    'last_hidden_state',
    ...Array.from({ length: states }, (_, at) => `hidden_states.${at}`),
    'text_embeds',
  ];
  const port = { type: 'float32', dims: ['batch', 'sequence', 2] };
  const graph: Graph = {
    file: 'text_encoder/model.onnx',
    inputs: new Map([['input_ids', { type: 'int64', dims: ['batch', 'sequence'] }]]),
    outputs: new Map(names.map((name) => [name, port])),
    run: async (feeds, outputs) => {
      const ids = [...(feeds['input_ids']?.data ?? [])];
      return outputs.map((name) => {
        if (name === 'text_embeds') return Float32Array.of(ids[1] ?? 0);
        const wanted = states === 0 ? 'last_hidden_state' : `hidden_states.${states - 2}`;
        return Float32Array.from(ids.flatMap((id) => (name === wanted ? [id, mark] : [0, 0])));
      });
    },
    release: async () => undefined,
  };
  return { tokenizer, graph };
}

function aModel(family: 'sd' | 'sdxl', isZeroed = true): LoadedModel {
  const folder = {
    id: 'model',
    directory: '/model',
    index: { _class_name: '', force_zeros_for_empty_prompt: isZeroed },
    family,
    tasks: [],
    bytes: 0,
  };
  const encoders = family === 'sd' ? [anEncoder(7, 0)] : [anEncoder(7, 13), anEncoder(8, 33)];
  const model: Partial<LoadedModel> = { folder, encoders };
  return model as LoadedModel;
}

const checkpoint = async () => undefined;
const encode = (model: LoadedModel, prompt: string, negativePrompt = '', isGuided = true) =>
  encodePrompts(model, { prompt, negativePrompt, isGuided }, checkpoint);
/** The first number of each token's state. */
const tokensOf = ({ context, tokens }: { context: Float32Array; tokens: number }) =>
  Array.from({ length: tokens }, (_, at) => context[(at * context.length) / tokens]);

describe('prompts', () => {
  it('are encoded in as many chunks as the longer one takes', async () => {
    const { positive, negative } = await encode(aModel('sd'), 'abc', 'd');
    expect(tokensOf(positive)).toEqual([100, 1, 2, 200, 100, 3, 200, 0]);
    expect(negative && tokensOf(negative)).toEqual([100, 4, 200, 0, 100, 200, 0, 0]);
  });

  it('are not encoded a second time without guidance', async () => {
    const { positive, negative } = await encode(aModel('sd'), 'a', 'bcd', false);
    expect(tokensOf(positive)).toEqual([100, 1, 200, 0]);
    expect(negative).toBeUndefined();
  });

  it('of SDXL are the last but one states of both encoders, side by side, and the summary of the second', async () => {
    const { positive, negative } = await encode(aModel('sdxl'), 'ab', 'c');
    expect([...positive.context]).toEqual([100, 7, 100, 8, 1, 7, 1, 8, 2, 7, 2, 8, 200, 7, 200, 8]);
    expect(positive.summary).toEqual(Float32Array.of(1));
    expect(negative?.summary).toEqual(Float32Array.of(3));
  });

  it('that are empty are nothing at all to SDXL, where its index says so', async () => {
    const zeroed = await encode(aModel('sdxl'), 'ab');
    expect(zeroed.negative).toEqual({ context: new Float32Array(16), tokens: 4, summary: new Float32Array(1) });
    const encoded = await encode(aModel('sdxl', false), 'ab');
    expect(encoded.negative && tokensOf(encoded.negative)).toEqual([100, 200, 0, 0]);
  });

  it('carry their weights into the states', async () => {
    const { positive } = await encode(aModel('sd'), 'a(b:3)', '', false);
    const tokens = tokensOf(positive).map(Number);
    // 100, 1, 2, 200 and four times 7 sum up to 331; with 3 · (2 + 7) to 349.
    const factor = 331 / 349;
    for (const [at, expected] of [100, 1, 6, 200].entries()) expect(tokens[at]).toBeCloseTo(expected * factor, 3);
  });
});
