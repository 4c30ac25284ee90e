import type { Task, TaskInput } from '@afterimage/job-schemas';

/** An input image, fetched and checked: its bytes are an image of this type and size. */
export interface InputImage {
  readonly data: Uint8Array;
  readonly contentType: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly width: number;
  readonly height: number;
}

/** What an engine is asked to do: one attempt at one job. */
export interface EngineJob {
  readonly jobId: string;
  readonly attempt: number;
  readonly model: string;
  readonly request: TaskInput;
  /** The images that the request refers to: `image` and `mask`, or the names of a workflow's images. */
  readonly inputs: ReadonlyMap<string, InputImage>;
}

/** A small encoded picture of the state so far. */
export interface EnginePreview {
  readonly contentType: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly data: Uint8Array;
}

export interface EngineProgress {
  readonly phase: 'loading_model' | 'inferring';
  /** The image being made, from 1. */
  readonly image: number;
  readonly images: number;
  /** Steps of this image that are done, 0 to `steps`. */
  readonly step: number;
  readonly steps: number;
  /** Where the engine can give one at this step. */
  readonly preview?: EnginePreview;
}

/** One finished picture: either raw pixels (RGB, 8 bit, rows top to bottom, no padding) or an encoded file. */
export interface EngineImage {
  /** From 0. */
  readonly index: number;
  /** Null where the engine cannot tell, as in a workflow. */
  readonly seed: number | null;
  readonly width: number;
  readonly height: number;
  /** What made the picture, for the metadata of the file. */
  readonly software?: string;
  readonly pixels:
    | { readonly kind: 'raw-rgb'; readonly data: Uint8Array }
    | { readonly kind: 'encoded'; readonly data: Uint8Array };
}

export interface EngineRun {
  /** Aborting it ends the run at the next step; `run` then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EngineProgress) => void;
  /** Whether a preview is wanted now: to be asked before one is made, where that costs anything. None is where it is left out. */
  readonly isPreviewDue?: () => boolean;
  /** Called once an image, in order. The engine waits for it before it hands over the next one. */
  readonly onImage: (image: EngineImage) => Promise<void>;
  /**
   * To be called when the engine is idle although `run` still checks what it made: the next job may begin. From then on
   * neither an abort nor a failure of this run may touch the engine. To be awaited, so that the next job's request goes out
   * before this one's pictures take the processor.
   */
  readonly onEngineFree?: () => unknown;
}

export interface EngineHealth {
  readonly alive: boolean;
  readonly ready: boolean;
  readonly version: string;
}

export interface EngineModel {
  readonly id: string;
  readonly tasks: readonly Task[];
}

/** The port to the software that makes images. One job at a time: callers await `run`, or `onEngineFree`, before the next. */
export interface Engine {
  readonly name: string;
  probe(signal: AbortSignal): Promise<EngineHealth>;
  listModels(signal: AbortSignal): Promise<readonly EngineModel[]>;
  /** @throws EngineError for the job's failure, EngineUnusableError for the engine's; the signal's reason when it is aborted */
  run(job: EngineJob, run: EngineRun): Promise<void>;
  /** Brings the engine back to idle after an abort or a failure. */
  reset(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
