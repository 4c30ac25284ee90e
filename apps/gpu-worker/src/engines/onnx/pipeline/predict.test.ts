import { describe, expect, it } from 'vitest';
import type { Graph, GraphPort } from '../model/graph.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { Values } from '../model/tensors.ts';
import type { Conditioning } from './encode-prompt.ts';
import { makePredict } from './predict.ts';

type Ports = Readonly<Record<string, GraphPort['dims']>>;

const SD: Ports = {
  sample: ['batch', 'channels', 'height', 'width'],
  timestep: ['steps'],
  encoder_hidden_states: ['batch', 'sequence', 2],
};
const frame = { width: 16, height: 8, fullWidth: 16, fullHeight: 8, latentWidth: 2, latentHeight: 1, latents: 8 };
const condition = (value: number): Conditioning => ({
  context: Float32Array.of(value, value),
  tokens: 1,
  summary: Float32Array.of(value, value, value),
});

/** A UNet that finds in each picture of its batch what its prompt says, and writes down what it was fed. */
function aUnet(ports: Ports, { guidance = 3, isGuided = true } = {}) {
  const runs: Record<string, Values>[] = [];
  const unet: Graph = {
    file: 'unet/model.onnx',
    inputs: new Map(Object.entries(ports).map(([name, dims]) => [name, { type: 'float32', dims }])),
    outputs: new Map(),
    run: async (feeds) => {
      runs.push(feeds);
      const { data = [], dims: [batch = 0, , size = 1] = [] } = feeds['encoder_hidden_states'] ?? {};
      const found = Array.from(
        { length: batch * frame.latents },
        (_, at) => data[Math.floor(at / frame.latents) * size] ?? 0,
      );
      return [Float32Array.from(found)];
    },
    release: async () => undefined,
  };
  const unetShape = { latentStep: 1, channels: 4, guidanceSize: 4 };
  const model: Partial<LoadedModel> = { unet, unetShape };
  let checkpoints = 0;
  const predict = makePredict({
    model: model as LoadedModel,
    frame,
    prompts: { positive: condition(5), negative: isGuided ? condition(1) : undefined },
    guidance,
    extra: undefined,
    checkpoint: async () => void (checkpoints += 1),
  });
  return { predict: () => predict(new Float32Array(frame.latents), 500), runs, checkpoints: () => checkpoints };
}

const shapesOf = (feeds: Readonly<Record<string, Values>> | undefined) =>
  Object.fromEntries(Object.entries(feeds ?? {}).map(([name, { dims }]) => [name, dims]));

describe('a prediction', () => {
  it('goes from the negative prompt beyond the prompt, in one run of two', async () => {
    const { predict, runs, checkpoints } = aUnet(SD);
    // 1 + 3 · (5 - 1).
    expect([...(await predict())]).toEqual(Array.from({ length: 8 }, () => 13));
    expect(runs.map(shapesOf)).toEqual([{ sample: [2, 4, 1, 2], timestep: [1], encoder_hidden_states: [2, 1, 2] }]);
    expect(checkpoints()).toBe(1);
  });

  it('is the same of a network for one picture at a time, in two runs', async () => {
    const { predict, runs, checkpoints } = aUnet({ ...SD, sample: [1, 4, 1, 2] });
    expect([...(await predict())]).toEqual(Array.from({ length: 8 }, () => 13));
    expect(runs.map(({ encoder_hidden_states }) => [...(encoder_hidden_states?.data ?? [])])).toEqual([
      [1, 1],
      [5, 5],
    ]);
    expect(checkpoints()).toBe(2);
  });

  it('is that of the prompt alone without guidance', async () => {
    const { predict, runs } = aUnet(SD, { isGuided: false });
    expect([...(await predict())]).toEqual(Array.from({ length: 8 }, () => 5));
    expect(shapesOf(runs[0])).toMatchObject({ sample: [1, 4, 1, 2] });
  });

  it.each([
    ['no axis', [], [], [500]],
    ['one number', [1], [1], [500]],
    ['a number a picture', ['batch'], [2], [500, 500]],
    ['an axis of its own', ['steps'], [1], [500]],
  ])('takes the timestep as the export has it: %s', async (_what, dims, expected, data) => {
    const { predict, runs } = aUnet({ ...SD, timestep: dims });
    await predict();
    expect(runs[0]?.['timestep']?.dims).toEqual(expected);
    expect([...(runs[0]?.['timestep']?.data ?? [])]).toEqual(data);
  });

  it('tells SDXL the sizes and the summary of each prompt', async () => {
    const { predict, runs } = aUnet({ ...SD, text_embeds: ['batch', 3], time_ids: ['batch', 6] });
    await predict();
    expect([...(runs[0]?.['time_ids']?.data ?? [])]).toEqual([8, 16, 0, 0, 8, 16, 8, 16, 0, 0, 8, 16]);
    expect([...(runs[0]?.['text_embeds']?.data ?? [])]).toEqual([1, 1, 1, 5, 5, 5]);
  });

  it('tells a consistency model how strong the guidance is', async () => {
    const { predict, runs } = aUnet({ ...SD, timestep_cond: ['batch', 'size'] }, { guidance: 1, isGuided: false });
    await predict();
    expect(runs[0]?.['timestep_cond']).toEqual({ data: Float32Array.of(0, 0, 1, 1), dims: [1, 4] });
  });
});
