import type { CreateJobRequest, ImageInput } from './create-job-request.ts';
import type { JobStatus, Open } from './job.ts';
import type { Problem } from './problem.ts';

/** Body of `POST /v1/batches`. Each item is checked by itself. */
export interface CreateBatchRequest<Image = ImageInput> {
  readonly items: readonly CreateJobRequest<Image>[];
  /** Called once, with `batch.completed`. */
  readonly webhook?: { readonly url: string } | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export type BatchStatus = 'processing' | 'canceling' | 'completed';

/** Items by what has become of them. `rejected`: without a job; `total` is the sum of the others. */
export type BatchCounts = Readonly<Record<JobStatus | 'total' | 'rejected', number>>;

/** An item with its job, or with what is wrong with it. */
export interface BatchItem {
  readonly index: number;
  /** As of a request with this item alone: 202, or that of its problem. */
  readonly status: number;
  readonly jobId: string | null;
  readonly jobStatus: Open<JobStatus> | null;
  readonly problem: (Problem & { readonly status: number }) | null;
}

/** A batch as the API last showed it. Fields of later releases of the API are kept. */
export interface Batch {
  readonly id: string;
  readonly object: 'batch';
  readonly status: Open<BatchStatus>;
  readonly counts: BatchCounts;
  /** In the order of the request. */
  readonly items: readonly BatchItem[];
  readonly webhook: { readonly url: string } | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly cancelRequestedAt: string | null;
  readonly finishedAt: string | null;
  readonly traceId: string | null;
  readonly links: { readonly self: string; readonly cancel: string | null; readonly jobs: string };
}
