import type { SceneRequest } from './scene/compose-scene.ts';

/** One picture to paint. */
export interface PaintOrder {
  readonly scene: SceneRequest;
  readonly steps: number;
  /** The least time that a step takes; 0 = as fast as it goes. */
  readonly msPerStep: number;
}

/** What the painter is asked while it paints, by a flag that is not 0. */
export const FLAG = {
  stop: 0,
  /** A preview with the next step. */
  preview: 1,
} as const;

export interface PaintMessage {
  readonly kind: 'paint';
  readonly order: PaintOrder;
  /** 32-bit integers, one for each of {@link FLAG}. Shared, because a busy thread reads no messages. */
  readonly flags: SharedArrayBuffer;
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
