import type { JobErrorCode } from '@afterimage/job-schemas';
import type { PictureOrder, Pixels } from '../pipeline/picture-order.ts';

/** What the process that holds the networks is started with, as JSON in its one argument. */
export interface ProcessSettings {
  /** Threads of one run of a network. */
  readonly threads: number;
  readonly providers: readonly string[];
  /** Of the networks that are kept loaded. */
  readonly memoryBytes: number;
  /** Of the activations of the decoder: it works in tiles where a picture would take more. */
  readonly decodeBytes: number;
}

export type ProcessMessage =
  | { readonly kind: 'paint'; readonly directory: string; readonly order: PictureOrder }
  /** Ends the picture under way at its next step. */
  | { readonly kind: 'stop' };

export interface PictureTimings {
  /** Milliseconds from the first prompt token to the last pixel, without the loading of the model. */
  readonly totalMs: number;
  /** Of that, what the networks' own runs took. */
  readonly runMs: number;
  readonly loadMs: number;
}

export type ProcessReply =
  | { readonly kind: 'ready'; readonly version: string }
  /** The model is in memory. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'step'; readonly step: number; readonly steps: number; readonly preview: Pixels }
  | { readonly kind: 'done'; readonly picture: Pixels; readonly timings: PictureTimings }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly code: JobErrorCode; readonly message: string; readonly isRetryable: boolean };
