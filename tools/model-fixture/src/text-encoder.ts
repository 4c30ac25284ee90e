import { GraphBuilder, type Precision } from './graph-builder.ts';
import { attention, layerNorm, linear } from './layers.ts';
import type { Element } from './onnx-format.ts';

export interface TextEncoderShape {
  readonly seed: number;
  readonly precision: Precision;
  readonly vocabulary: number;
  readonly length: number;
  readonly size: number;
  readonly layers: number;
  readonly idElement: Extract<Element, 'int32' | 'int64'>;
  /** `sd`: the last state; `sdxl`: all of them; `projection`: all of them and the projected one of the end of the text. */
  readonly kind: 'sd' | 'sdxl' | 'projection';
}

/** Tokens see themselves and those before them. */
function causalMask(graph: GraphBuilder, length: number): string {
  const blocked = graph.precision === 'float' ? -1e9 : -1e4;
  const values = Array.from({ length: length * length }, (_, at) =>
    at % length > Math.floor(at / length) ? blocked : 0,
  );
  return graph.constant(graph.precision, [1, length, length], values);
}

function feedForward(graph: GraphBuilder, value: string, size: number): string {
  const wide = linear(graph, value, size, size * 2);
  const gate = graph.node('Sigmoid', [graph.node('Mul', [wide, graph.constant(graph.precision, [], [1.702])])]);
  return linear(graph, graph.node('Mul', [wide, gate]), size * 2, size);
}

/** CLIP's text encoder in small: pre-norm transformer layers, and the state of the end of the text as its summary. */
export function textEncoder(shape: TextEncoderShape): Uint8Array {
  const { vocabulary, length, size, layers, kind } = shape;
  const graph = new GraphBuilder('text_encoder', shape);
  const ids = graph.input('input_ids', shape.idElement, ['batch_size', 'sequence_length']);
  const embedded = graph.node('Gather', [graph.weights([vocabulary, size], 0.7), ids], { axis: 0 });
  let state = graph.node('Add', [embedded, graph.weights([1, length, size], 0.2)]);
  const states = [state];
  const mask = causalMask(graph, length);
  for (let layer = 0; layer < layers; layer += 1) {
    const normal = layerNorm(graph, state, size);
    const seen = attention(graph, { queries: normal, context: normal, size, contextSize: size, mask });
    state = graph.node('Add', [state, seen]);
    state = graph.node('Add', [state, feedForward(graph, layerNorm(graph, state, size), size)]);
    states.push(state);
  }
  const last = layerNorm(graph, state, size);
  const dims = ['batch_size', 'sequence_length', size];
  // The end of the text has the highest id; where padding is the same token, the first of them counts.
  const end = graph.node('ArgMax', [ids], { axis: -1, keepdims: 1, select_last_index: 0 });
  const indices = graph.node('Expand', [graph.node('Unsqueeze', [end, graph.shape([2])]), graph.shape([1, 1, size])]);
  const pooled = graph.node('Squeeze', [graph.node('GatherElements', [last, indices], { axis: 1 }), graph.shape([1])]);
  if (kind === 'projection') {
    const projected = graph.node('MatMul', [pooled, graph.weights([size, size], 1 / Math.sqrt(size))]);
    graph.output(projected, 'text_embeds', ['batch_size', size]);
  }
  graph.output(last, 'last_hidden_state', dims);
  if (kind !== 'projection') graph.output(pooled, 'pooler_output', ['batch_size', size]);
  if (kind !== 'sd') for (const [at, each] of states.entries()) graph.output(each, `hidden_states.${at}`, dims);
  return graph.encode();
}
