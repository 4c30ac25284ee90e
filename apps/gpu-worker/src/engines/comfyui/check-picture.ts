import type { Metadata, Stats } from 'sharp';
import sharp from 'sharp';
import { EngineError } from '../engine-error.ts';

export interface PictureRule {
  /** Width and height that were asked for; undefined where the workflow decides. */
  readonly size?: { readonly width: number; readonly height: number } | undefined;
  /** Which pictures of one colour are a failure: a model that computed NaN gives black ones. */
  readonly refuse: 'uniform' | 'black';
}

function bad(message: string, cause?: unknown): EngineError {
  return new EngineError('bad_output', message, { isRetryable: false, cause });
}

/** @throws EngineError `bad_output` when the bytes are no picture, or not one that a model makes when it works */
export async function checkPicture(
  data: Uint8Array,
  name: string,
  { size, refuse }: PictureRule,
): Promise<{ readonly width: number; readonly height: number }> {
  let stats: Stats;
  let metadata: Metadata;
  try {
    const picture = sharp(data, { failOn: 'error' });
    [metadata, stats] = await Promise.all([picture.metadata(), picture.stats()]);
  } catch (cause) {
    throw bad(`${name} is not a picture`, cause);
  }
  const { width, height } = metadata;
  if (size !== undefined && (width !== size.width || height !== size.height)) {
    throw bad(`${name} is ${width}x${height}, but ${size.width}x${size.height} was asked for`);
  }
  // The last channel of two or four is the opacity.
  const channels = stats.channels.slice(0, stats.channels.length > 2 ? 3 : 1);
  if (channels.every(({ max }) => max === 0)) throw bad(`${name} is black: the model computed no numbers`);
  if (refuse === 'uniform' && stats.channels.every(({ min, max }) => min === max)) {
    throw bad(`${name} is of one colour`);
  }
  return { width, height };
}
