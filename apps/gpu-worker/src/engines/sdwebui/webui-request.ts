import type { Checkpoint } from './checkpoints.ts';

/** Pixels; an image may fall short of it by less than `slack`. */
export interface ExpectedSize {
  readonly width: number;
  readonly height: number;
  readonly slack: number;
}

/** What the answer must show for the images to count as the ones that were asked for. */
export interface Expected {
  readonly images: number;
  /** Null where the server decides. */
  readonly size: ExpectedSize | null;
  /** Null where nothing is sampled. */
  readonly sampling: {
    readonly seeds: readonly number[];
    readonly sampler: string;
    readonly checkpoint: Checkpoint;
  } | null;
  /** Images that the answer is made from: where one of them is uniform, the answer may be so too. */
  readonly sources: readonly Uint8Array[];
}

/** One POST of a generation. */
export interface WebuiRequest {
  readonly path: 'txt2img' | 'img2img' | 'extra-single-image';
  readonly body: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly expected: Expected;
}

const BASE64_GROWTH = 4 / 3;
/** A PNG of noise is a little larger than its pixels. */
const BYTES_PER_PIXEL = 3.2;
const UNKNOWN_PIXELS = 2048 * 2048;
/** Echo of the request, texts, a grid. */
const OTHER_BYTES = 8 * 1024 * 1024;

/** The longest answer that can be right. */
export function maxAnswerBytes({ images, size }: Expected): number {
  const pixels = size === null ? UNKNOWN_PIXELS : size.width * size.height;
  return Math.ceil(images * pixels * BYTES_PER_PIXEL * BASE64_GROWTH) + OTHER_BYTES;
}
