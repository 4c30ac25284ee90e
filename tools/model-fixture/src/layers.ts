import type { GraphBuilder } from './graph-builder.ts';

/** The layers that the fixtures are built of, as exports from PyTorch write them. */
export function linear(graph: GraphBuilder, value: string, from: number, to: number): string {
  const product = graph.node('MatMul', [value, graph.weights([from, to], 1 / Math.sqrt(from))]);
  return graph.node('Add', [product, graph.weights([to], 0.1)]);
}

interface Convolution {
  readonly from: number;
  readonly to: number;
  readonly kernel?: number;
  readonly stride?: number;
  /** Deviation of the result where that of the input is 1. */
  readonly gain?: number;
}

export function convolution(
  graph: GraphBuilder,
  value: string,
  { from, to, kernel = 3, stride = 1, gain = 1 }: Convolution,
): string {
  const weights = graph.weights([to, from, kernel, kernel], gain / Math.sqrt(from * kernel * kernel));
  const pad = (kernel - 1) / 2;
  return graph.node('Conv', [value, weights, graph.weights([to], 0.05)], {
    kernel_shape: [kernel, kernel],
    pads: [pad, pad, pad, pad],
    strides: [stride, stride],
    dilations: [1, 1],
    group: 1,
  });
}

export function silu(graph: GraphBuilder, value: string): string {
  return graph.node('Mul', [value, graph.node('Sigmoid', [value])]);
}

export function layerNorm(graph: GraphBuilder, value: string, size: number): string {
  return graph.node('LayerNormalization', [value, graph.filled([size], 1), graph.filled([size], 0)], { axis: -1 });
}

/** PyTorch's exporter writes it as the normalization of instances, in a shape where a group is a channel. */
export function groupNorm(graph: GraphBuilder, value: string, channels: number, groups: number): string {
  const grouped = graph.node('Reshape', [value, graph.shape([0, groups, -1])]);
  const unit = graph.node('InstanceNormalization', [grouped, graph.filled([groups], 1), graph.filled([groups], 0)]);
  const normal = graph.node('Reshape', [unit, graph.node('Shape', [value])]);
  const scaled = graph.node('Mul', [normal, graph.filled([channels, 1, 1], 1)]);
  return graph.node('Add', [scaled, graph.filled([channels, 1, 1], 0)]);
}

interface Attention {
  readonly queries: string;
  readonly context: string;
  readonly size: number;
  readonly contextSize: number;
  /** Added to the scores. */
  readonly mask?: string;
}

/** One head. */
export function attention(graph: GraphBuilder, { queries, context, size, contextSize, mask }: Attention): string {
  const [q, k, v] = [
    linear(graph, queries, size, size),
    linear(graph, context, contextSize, size),
    linear(graph, context, contextSize, size),
  ];
  const scores = graph.node('MatMul', [q, graph.node('Transpose', [k], { perm: [0, 2, 1] })]);
  const scaled = graph.node('Mul', [scores, graph.constant(graph.precision, [], [1 / Math.sqrt(size)])]);
  const masked = mask === undefined ? scaled : graph.node('Add', [scaled, mask]);
  const mixed = graph.node('MatMul', [graph.node('Softmax', [masked], { axis: -1 }), v]);
  return linear(graph, mixed, size, size);
}

/** Sines and cosines of numbers, [n, 1] to [n, size]: the positions of Vaswani et al. (2017), as diffusers orders them. */
export function sinusoids(graph: GraphBuilder, values: string, size: number): string {
  const half = size / 2;
  const rates = Array.from({ length: half }, (_, at) => Math.exp((-Math.log(10_000) * at) / half));
  const angles = graph.node('Mul', [values, graph.constant('float', [1, half], rates)]);
  const waves = graph.node('Concat', [graph.node('Cos', [angles]), graph.node('Sin', [angles])], { axis: 1 });
  return graph.precision === 'float' ? waves : graph.node('Cast', [waves], { to: 10 });
}
