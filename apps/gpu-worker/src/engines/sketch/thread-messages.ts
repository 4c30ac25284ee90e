import type { SceneRequest } from './scene/compose-scene.ts';

/** One picture to paint. */
export interface PaintOrder {
  readonly scene: SceneRequest;
  readonly steps: number;
  /** The least time that a step takes; 0 = as fast as it goes. */
  readonly msPerStep: number;
  readonly hasPreviews: boolean;
}

export interface PaintMessage {
  readonly kind: 'paint';
  readonly order: PaintOrder;
  /** One 32-bit integer: not 0 asks the painter to stop. Shared, because a busy thread reads no messages. */
  readonly stopFlag: SharedArrayBuffer;
}

/** Pixels as RGB, eight bits a channel, rows from the top. */
export interface PixelBlock {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

export type PainterReply =
  | { readonly kind: 'step'; readonly step: number; readonly preview: PixelBlock | undefined }
  | { readonly kind: 'done'; readonly picture: PixelBlock }
  | { readonly kind: 'stopped' };
