import type { Batch } from './batch.ts';
import { checkInteger } from './client-options.ts';
import { BatchWaitTimeoutError } from './errors.ts';
import type { CallOptions } from './job-handle.ts';
import type { JobList, ListOptions } from './jobs.ts';
import type { Runtime } from './runtime.ts';

export interface BatchUpdatesOptions extends CallOptions {
  /** How long to wait for the end of the batch; without it, as long as it takes. */
  readonly waitMs?: number | undefined;
}

export interface BatchWaitOptions extends BatchUpdatesOptions {
  /** Called with each state that was seen. */
  readonly onProgress?: ((batch: Batch) => void) | undefined;
}

/** A batch and what can be done with it. */
export interface BatchHandle {
  readonly id: string;
  /** The batch as it was last seen. */
  readonly batch: Batch;
  /** Whether every job has ended. */
  readonly isFinished: boolean;
  refresh(options?: CallOptions): Promise<Batch>;
  /** Cancels every job of it that has not ended. */
  cancel(options?: CallOptions): Promise<Batch>;
  /** Its jobs, newest first; pages are fetched as they are needed. Those that were erased are not among them. */
  jobs(options?: Omit<ListOptions, 'batchId'>): JobList;
  /**
   * The batch as it is now, then as it is seen to change, up to its end. An unknown status counts as unfinished.
   * @throws BatchWaitTimeoutError after `waitMs`
   */
  updates(options?: BatchUpdatesOptions): AsyncGenerator<Batch, void, undefined>;
  /**
   * Waits until every job has ended, however it did: `batch.counts` tells how.
   * @throws BatchWaitTimeoutError after `waitMs`
   */
  wait(options?: BatchWaitOptions): Promise<BatchHandle>;
}

/** What came with a batch: when to ask for the next state. */
export interface BatchReply {
  readonly batch: Batch;
  readonly retryAfterMs: number | undefined;
}

export interface BatchHandleOptions {
  readonly first: BatchReply;
  readonly get: (id: string, signal: AbortSignal | undefined) => Promise<BatchReply>;
  readonly cancel: (id: string, signal: AbortSignal | undefined) => Promise<BatchReply>;
  readonly listJobs: (options: ListOptions) => JobList;
  readonly runtime: Runtime;
}

const DEFAULT_PAUSE_MS = 5000;

export function makeBatchHandle({ first, get, cancel, listJobs, runtime }: BatchHandleOptions): BatchHandle {
  let { batch, retryAfterMs } = first;
  const { id } = batch;
  const isFinished = () => batch.status === 'completed';

  function see(reply: BatchReply): Batch {
    // Whoever asked earlier may be answered later: a batch that is completed stays so.
    if (!isFinished() || reply.batch.status === 'completed') ({ batch, retryAfterMs } = reply);
    return batch;
  }

  async function* updates({ signal, waitMs }: BatchUpdatesOptions = {}): AsyncGenerator<Batch, void> {
    const deadline = waitMs === undefined ? undefined : runtime.timeout(checkInteger('waitMs', waitMs, 1));
    const end = AbortSignal.any([signal, deadline].filter((each) => each !== undefined));
    yield batch;
    while (!isFinished()) {
      const seen = JSON.stringify(batch);
      try {
        end.throwIfAborted();
        await runtime.sleep(retryAfterMs ?? DEFAULT_PAUSE_MS, end);
        see(await get(id, end));
      } catch (error) {
        signal?.throwIfAborted();
        if (waitMs !== undefined && deadline?.aborted === true) throw new BatchWaitTimeoutError(handle, waitMs);
        throw error;
      }
      if (JSON.stringify(batch) !== seen) yield batch;
    }
  }

  const handle: BatchHandle = {
    id,
    get batch() {
      return batch;
    },
    get isFinished() {
      return isFinished();
    },
    async refresh({ signal } = {}) {
      return see(await get(id, signal));
    },
    async cancel({ signal } = {}) {
      return see(await cancel(id, signal));
    },
    jobs: (options = {}) => listJobs({ ...options, batchId: id }),
    updates,
    async wait({ signal, waitMs, onProgress } = {}) {
      for await (const seen of updates({ signal, waitMs })) onProgress?.(seen);
      return handle;
    },
  };
  return handle;
}
