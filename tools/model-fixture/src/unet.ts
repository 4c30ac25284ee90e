import { GraphBuilder, type Precision } from './graph-builder.ts';
import { attention, convolution, groupNorm, layerNorm, linear, silu, sinusoids } from './layers.ts';
import type { Element } from './onnx-format.ts';

export interface UnetShape {
  readonly seed: number;
  readonly precision: Precision;
  /** 4, or 9 of a model for inpainting. */
  readonly inChannels: number;
  /** Channels of the first level; the second has twice as many. */
  readonly channels: number;
  readonly contextSize: number;
  readonly timeElement: Extract<Element, 'int64' | 'float' | 'float16'>;
  /** Size of the text summary that SDXL's takes beside the sizes of the picture. */
  readonly summarySize?: number;
  /** Size of the guidance that a consistency model takes. */
  readonly guidanceSize?: number;
}

const SIZES_AND_CROP = 6;

function timeEmbedding(graph: GraphBuilder, shape: UnetShape, size: number): string {
  const timestep = graph.input('timestep', shape.timeElement, ['steps']);
  const column = graph.node('Reshape', [graph.node('Cast', [timestep], { to: 1 }), graph.shape([-1, 1])]);
  let waves = sinusoids(graph, column, size);
  if (shape.guidanceSize !== undefined) {
    const guidance = graph.input('timestep_cond', graph.precision, ['batch_size', 'guidance_size']);
    waves = graph.node('Add', [waves, linear(graph, guidance, shape.guidanceSize, size)]);
  }
  return linear(graph, silu(graph, linear(graph, waves, size, size)), size, size);
}

function addedEmbedding(graph: GraphBuilder, summarySize: number, size: number): string {
  const summary = graph.input('text_embeds', graph.precision, ['batch_size', summarySize]);
  const sizes = graph.input('time_ids', graph.precision, ['batch_size', SIZES_AND_CROP]);
  const column = graph.node('Reshape', [graph.node('Cast', [sizes], { to: 1 }), graph.shape([-1, 1])]);
  const waves = graph.node('Reshape', [sinusoids(graph, column, size), graph.shape([-1, SIZES_AND_CROP * size])]);
  const both = graph.node('Concat', [summary, waves], { axis: -1 });
  return linear(graph, both, summarySize + SIZES_AND_CROP * size, size);
}

function residual(graph: GraphBuilder, value: string, time: string, channels: number): string {
  const first = convolution(graph, silu(graph, groupNorm(graph, value, channels, 4)), { from: channels, to: channels });
  const timed = graph.node('Add', [first, graph.node('Unsqueeze', [time, graph.shape([2, 3])])]);
  const second = convolution(graph, silu(graph, groupNorm(graph, timed, channels, 4)), {
    from: channels,
    to: channels,
  });
  return graph.node('Add', [value, second]);
}

/** Pixels look at themselves and at the tokens of the prompt. */
function transformer(graph: GraphBuilder, value: string, context: string, size: number, contextSize: number): string {
  const shape = graph.node('Shape', [value]);
  const flat = graph.node('Reshape', [value, graph.shape([0, size, -1])]);
  let pixels = graph.node('Transpose', [flat], { perm: [0, 2, 1] });
  const normal = layerNorm(graph, pixels, size);
  const own = attention(graph, { queries: normal, context: normal, size, contextSize: size });
  pixels = graph.node('Add', [pixels, own]);
  const read = attention(graph, { queries: layerNorm(graph, pixels, size), context, size, contextSize });
  pixels = graph.node('Add', [pixels, read]);
  return graph.node('Reshape', [graph.node('Transpose', [pixels], { perm: [0, 2, 1] }), shape]);
}

/**
 * A UNet of two levels with the inputs, outputs and kinds of layers of Stable Diffusion's. Most of the noise that it finds are
 * the latents themselves, as of a model for normally distributed pictures, so that they stay as large as real ones.
 */
export function unet(shape: UnetShape): Uint8Array {
  const { channels, inChannels, contextSize, summarySize } = shape;
  const graph = new GraphBuilder('unet', shape);
  // Exports leave all sizes open, also that which the first convolution settles.
  const sample = graph.input('sample', graph.precision, ['batch_size', 'num_channels', 'height', 'width']);
  const time = timeEmbedding(graph, shape, channels);
  const context = graph.input('encoder_hidden_states', graph.precision, ['batch_size', 'sequence_length', contextSize]);
  const embedding =
    summarySize === undefined ? time : graph.node('Add', [time, addedEmbedding(graph, summarySize, channels)]);
  const high = residual(graph, convolution(graph, sample, { from: inChannels, to: channels }), embedding, channels);
  const wide = channels * 2;
  const down = convolution(graph, high, { from: channels, to: wide, stride: 2 });
  const seen = transformer(
    graph,
    residual(graph, down, linear(graph, embedding, channels, wide), wide),
    context,
    wide,
    contextSize,
  );
  const scales = graph.constant('float', [4], [1, 1, 2, 2]);
  const up = graph.node('Resize', [seen, '', scales], {
    mode: 'nearest',
    nearest_mode: 'floor',
    coordinate_transformation_mode: 'asymmetric',
  });
  const both = graph.node('Concat', [up, high], { axis: 1 });
  const low = residual(graph, convolution(graph, both, { from: wide + channels, to: channels }), embedding, channels);
  const made = convolution(graph, silu(graph, groupNorm(graph, low, channels, 4)), {
    from: channels,
    to: 4,
    gain: 0.5,
  });
  const latents =
    inChannels === 4 ? sample : graph.node('Slice', [sample, ...[0, 4, 1].map((each) => graph.shape([each]))]);
  const out = graph.node('Add', [latents, made]);
  graph.output(out, 'out_sample', ['batch_size', 4, 'height', 'width']);
  return graph.encode();
}
