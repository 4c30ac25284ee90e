import type { Picture } from './png.ts';
import { readPngSize } from './png.ts';
import type { Graph, GraphNode } from './prompt.ts';
import { asLink } from './prompt.ts';

/** A node that fails while it runs. */
export class NodeFailure extends Error {
  override readonly name = 'NodeFailure';
  readonly node: string;
  readonly type: string;

  constructor(node: string, type: string, message: string) {
    super(message);
    this.node = node;
    this.type = type;
  }
}

/** Ids of the nodes in the order that they run: what a node needs comes before it. */
export function executionOrder(graph: Graph, outputs: readonly string[]): readonly string[] {
  const order = new Set<string>();
  function visit(id: string): void {
    for (const value of Object.values(graph[id]?.inputs ?? {})) {
      const link = asLink(value);
      if (link !== undefined && !order.has(link[0])) visit(link[0]);
    }
    order.add(id);
  }
  for (const id of outputs) visit(id);
  return [...order];
}

const MODEL_FACTOR = 4;
/** Where each kind of node gets its picture from, unless it makes one. */
const SOURCE: Readonly<Record<string, string>> = {
  VAEDecode: 'samples',
  VAEEncode: 'pixels',
  SetLatentNoiseMask: 'samples',
  MaskToImage: 'mask',
  ImageToMask: 'image',
  ImageScale: 'image',
  ImageUpscaleWithModel: 'image',
  ImageCompositeMasked: 'source',
  ImageInvert: 'image',
  KSampler: 'latent_image',
  SaveImage: 'images',
  PreviewImage: 'images',
};

/** The picture that a node gives: its size as the real nodes would have it, its content a pattern of the seed. */
export function pictureOf(graph: Graph, id: string, uploads: ReadonlyMap<string, Uint8Array>): Picture {
  const node: GraphNode | undefined = graph[id];
  if (node === undefined) throw new NodeFailure(id, 'KeyError', id);
  const { class_type: type, inputs } = node;
  const size = () => ({ width: Number(inputs['width']), height: Number(inputs['height']) });
  if (type === 'EmptyImage') {
    return { ...size(), images: Number(inputs['batch_size']), fill: { color: Number(inputs['color']) } };
  }
  if (type === 'EmptyLatentImage') return { ...size(), images: Number(inputs['batch_size']), fill: { seed: 0 } };
  if (type === 'LoadImage' || type === 'LoadImageMask') {
    const file = readPngSize(uploads.get(String(inputs['image'])) ?? new Uint8Array());
    if (file === undefined) throw new NodeFailure(id, 'PIL.UnidentifiedImageError', 'cannot identify image file');
    return { ...file, images: 1, fill: { seed: 1 } };
  }
  const link = asLink(inputs[SOURCE[type] ?? '']);
  if (link === undefined) throw new NodeFailure(id, 'TypeError', `${type} has no picture`);
  const source = pictureOf(graph, link[0], uploads);
  if (type === 'ImageScale') return { ...source, ...size() };
  if (type === 'KSampler') return { ...source, fill: { seed: Number(inputs['seed']) } };
  if (type !== 'ImageUpscaleWithModel') return source;
  return { ...source, width: source.width * MODEL_FACTOR, height: source.height * MODEL_FACTOR };
}
