import { GraphBuilder, type Precision } from './graph-builder.ts';
import { convolution, silu } from './layers.ts';

export interface VaeShape {
  readonly seed: number;
  readonly precision: Precision;
  readonly channels: number;
}

/** Both halves go through three levels of twice the size. */
export const VAE_LEVELS = 3;

/**
 * Decodes with convolutions alone. Each pixel so depends on its surroundings and on nothing else, unlike a real decoder's,
 * whose normalization sees the whole picture: decoding in tiles must give the same here.
 */
export function vaeDecoder(shape: VaeShape): Uint8Array {
  const { channels } = shape;
  const graph = new GraphBuilder('vae_decoder', shape);
  const latents = graph.input('latent_sample', graph.precision, ['batch_size', 4, 'latent_height', 'latent_width']);
  let value = convolution(graph, latents, { from: 4, to: 4, kernel: 1 });
  value = silu(graph, convolution(graph, value, { from: 4, to: channels }));
  const scales = graph.constant('float', [4], [1, 1, 2, 2]);
  for (let level = 0; level < VAE_LEVELS; level += 1) {
    value = graph.node('Resize', [value, '', scales], {
      mode: 'nearest',
      nearest_mode: 'floor',
      coordinate_transformation_mode: 'asymmetric',
    });
    value = silu(graph, convolution(graph, value, { from: channels, to: channels }));
  }
  graph.output(convolution(graph, value, { from: channels, to: 3, gain: 0.4 }), 'sample', [
    'batch_size',
    3,
    'height',
    'width',
  ]);
  return graph.encode();
}

/** @param hasDeviation whether the output is mean and logarithm of the variance, as newer exports have it */
export function vaeEncoder(shape: VaeShape, { hasDeviation }: { hasDeviation: boolean }): Uint8Array {
  const { channels } = shape;
  const graph = new GraphBuilder('vae_encoder', shape);
  const pixels = graph.input('sample', graph.precision, ['batch_size', 3, 'height', 'width']);
  let value = silu(graph, convolution(graph, pixels, { from: 3, to: channels }));
  for (let level = 0; level < VAE_LEVELS; level += 1) {
    value = silu(graph, convolution(graph, value, { from: channels, to: channels, stride: 2 }));
  }
  const outputs = hasDeviation ? 8 : 4;
  const name = hasDeviation ? 'latent_parameters' : 'latent_sample';
  const out = convolution(graph, value, { from: channels, to: outputs });
  graph.output(out, name, ['batch_size', outputs, 'latent_height', 'latent_width']);
  return graph.encode();
}
