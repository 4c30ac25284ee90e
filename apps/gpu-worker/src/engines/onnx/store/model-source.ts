import type { Readable } from 'node:stream';

/** Models in a place that a disk must be filled from first. */
export interface ModelSource {
  /** How messages name it: `s3://bucket/models`. */
  readonly name: string;
  /** Names of the folders. */
  ids(signal: AbortSignal): Promise<readonly string[]>;
  /** Sizes of a model's files in bytes, by their paths within its folder. */
  sizes(id: string, signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /** @throws Error when there is no such file */
  read(id: string, path: string, signal: AbortSignal): Promise<Readable>;
}
