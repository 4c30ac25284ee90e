/** Text that has well-known values; a later release of the API may send others. */
export type Open<Known extends string> = Known | (string & {});

export type JobStatus = 'queued' | 'running' | 'canceling' | 'succeeded' | 'failed' | 'canceled' | 'expired';
export type JobPhase = 'preparing' | 'loading_model' | 'inferring' | 'uploading';
export type JobErrorCode =
  | 'worker_lost'
  | 'model_load_failed'
  | 'out_of_memory'
  | 'execution_timeout'
  | 'input_fetch_failed'
  | 'input_invalid'
  | 'workflow_invalid'
  | 'bad_output'
  | 'output_upload_failed'
  | 'engine_error'
  | 'internal';

/** Why a job failed. */
export interface JobError {
  readonly code: Open<JobErrorCode>;
  readonly message: string;
  readonly stage: Open<'queue' | JobPhase>;
  readonly attempt: number;
  /** Whether the same job may well succeed another time. */
  readonly retryable: boolean;
}

export interface JobAttempt {
  readonly number: number;
  /** Null while the attempt runs; `lost` = its worker went away. */
  readonly outcome: Open<'succeeded' | 'failed' | 'lost' | 'canceled'> | null;
  readonly reason: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

export interface JobProgress {
  /** 0 to 1, of all images. */
  readonly fraction: number;
  readonly step: number;
  readonly steps: number;
  readonly image: number;
  readonly images: number;
  readonly etaSeconds: number | null;
  /** Signed, and another one in each answer: a small picture of the image being made, as it is now. Null while there is none. */
  readonly previewUrl: string | null;
}

/** One image of a job. */
export interface JobOutput {
  readonly index: number;
  readonly state: Open<'available' | 'expired'>;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** Of the file, in hex. */
  readonly sha256: string;
  readonly seed: number | null;
  /** Works with the API key for as long as the file lives. */
  readonly contentUrl: string;
  /** Works for anybody until `urlExpiresAt`. */
  readonly url: string | null;
  readonly urlExpiresAt: string | null;
  readonly thumbnailUrl: string | null;
}

/** A job as the API last showed it. Fields of later releases of the API are kept. */
export interface Job {
  readonly id: string;
  readonly object: 'job';
  readonly status: Open<JobStatus>;
  /** Null unless running. */
  readonly phase: Open<JobPhase> | null;
  /** Grows with each change of status, phase, outputs or error. */
  readonly version: number;
  readonly model: string;
  readonly pool: string;
  readonly task: Open<'text-to-image' | 'image-to-image' | 'upscale' | 'workflow'>;
  /** As accepted: every default filled in, the seed included. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly queue: { readonly ahead: number | null; readonly estimatedStartSeconds: number | null };
  readonly progress: JobProgress | null;
  readonly outputs: readonly JobOutput[];
  readonly error: JobError | null;
  readonly attempts: readonly JobAttempt[];
  readonly timings: {
    readonly queuedMs: number | null;
    readonly modelLoadMs: number | null;
    readonly inferenceMs: number | null;
    readonly uploadMs: number | null;
  };
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly cancelRequestedAt: string | null;
  readonly expiresAt: string;
  readonly batchId: string | null;
  readonly retryOf: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly traceId: string | null;
  readonly links: {
    readonly self: string;
    readonly cancel: string | null;
    readonly events: string | null;
    readonly retry: string | null;
  };
}

const TERMINAL: ReadonlySet<string> = new Set<JobStatus>(['succeeded', 'failed', 'canceled', 'expired']);
const WAITING: ReadonlySet<string> = new Set<JobStatus>(['queued', 'running', 'canceling']);

/** Whether the job will not change any more. A status that this release does not know counts as unfinished. */
export function isFinished(job: Pick<Job, 'status'>): boolean {
  return TERMINAL.has(job.status);
}

/** Whether this release knows the status. */
export function isKnownStatus(status: string): status is JobStatus {
  return TERMINAL.has(status) || WAITING.has(status);
}
