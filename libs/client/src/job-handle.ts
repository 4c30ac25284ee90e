import { checkInteger } from './client-options.ts';
import { JobFailedError, WaitTimeoutError } from './errors.ts';
import { isFinished, isKnownStatus, type Job } from './job.ts';
import type { JobRequests, JobReply } from './job-requests.ts';
import type { OutputHandle } from './output-handle.ts';
import type { Runtime } from './runtime.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface UpdatesOptions extends CallOptions {
  /** Progress does not change a job's version, so seeing it costs a request a second while the job runs. */
  readonly withProgress?: boolean | undefined;
  /** How long to wait for the end of the job; without it, as long as it takes. */
  readonly waitMs?: number | undefined;
}

export interface WaitOptions extends CallOptions, Pick<UpdatesOptions, 'waitMs'> {
  /** Called with each state of the job and about once a second while it runs. */
  readonly onProgress?: ((job: Job) => void) | undefined;
}

/** A job and what can be done with it. */
export interface JobHandle<Output extends OutputHandle = OutputHandle> {
  readonly id: string;
  /** The job as it was last seen. */
  readonly job: Job;
  /** Whether the job will not change any more. */
  readonly isFinished: boolean;
  /** The images of the job as it was last seen. */
  readonly outputs: readonly Output[];
  refresh(options?: CallOptions): Promise<Job>;
  /** Asks for the end of the job; a running one is `canceling` until its worker knows. */
  cancel(options?: CallOptions): Promise<Job>;
  /**
   * The job as it is now, then as it changes, up to its end. An unknown status counts as unfinished.
   * @throws WaitTimeoutError after `waitMs`
   */
  updates(options?: UpdatesOptions): AsyncGenerator<Job, void, undefined>;
  /**
   * Waits until the job has succeeded.
   * @throws JobFailedError when it ended otherwise
   * @throws WaitTimeoutError after `waitMs`
   */
  wait(options?: WaitOptions): Promise<JobHandle<Output>>;
}

/** Near the longest wait that the API allows: the fewer requests, the cheaper the waiting. */
const WAIT_SECONDS = 20;
/** A poll without If-None-Match returns after this with the latest progress, or at once when the job ends. */
const PROGRESS_WAIT_SECONDS = 1;
const DEFAULT_PAUSE_MS = 2000;

export interface JobHandleOptions<Output extends OutputHandle> {
  readonly first: JobReply;
  readonly requests: JobRequests;
  readonly runtime: Runtime;
  readonly toOutputs: (job: Job) => readonly Output[];
}

export function makeJobHandle<Output extends OutputHandle>({
  first,
  requests,
  runtime,
  toOutputs,
}: JobHandleOptions<Output>): JobHandle<Output> {
  let { job, etag } = first;
  let outputs = toOutputs(job);
  const { id } = job;

  /** A reply may be overtaken by a later one. */
  function see(reply: JobReply): void {
    if (reply.job.version < job.version) return;
    ({ job, etag } = reply);
    outputs = toOutputs(job);
  }

  /** Yields true when there is news, and how long to leave the API alone. */
  async function poll(withProgress: boolean, signal: AbortSignal): Promise<{ isNews: boolean; pauseMs: number }> {
    const asksProgress = withProgress && job.status !== 'queued';
    const options = asksProgress
      ? { waitSeconds: PROGRESS_WAIT_SECONDS, etag: null, signal }
      : { waitSeconds: WAIT_SECONDS, etag, signal };
    const reply = await requests.poll(id, options);
    if (reply.job !== undefined) see({ ...reply, job: reply.job });
    // A status that is new to this release may be one that the API does not wait at.
    const hasWaited = reply.hasWaited && isKnownStatus(job.status);
    return { isNews: reply.job !== undefined, pauseMs: hasWaited ? 0 : (reply.retryAfterMs ?? DEFAULT_PAUSE_MS) };
  }

  async function* updates({ signal, withProgress = false, waitMs }: UpdatesOptions = {}): AsyncGenerator<Job, void> {
    const deadline = waitMs === undefined ? undefined : runtime.timeout(checkInteger('waitMs', waitMs, 1));
    const end = AbortSignal.any([signal, deadline].filter((each) => each !== undefined));
    yield job;
    let pauseMs = 0;
    while (!isFinished(job)) {
      let isNews: boolean;
      try {
        end.throwIfAborted();
        if (pauseMs > 0) await runtime.sleep(pauseMs, end);
        ({ isNews, pauseMs } = await poll(withProgress, end));
      } catch (error) {
        signal?.throwIfAborted();
        if (waitMs !== undefined && deadline?.aborted === true) throw new WaitTimeoutError(handle, waitMs);
        throw error;
      }
      if (isNews) yield job;
    }
  }

  const handle: JobHandle<Output> = {
    id,
    get job() {
      return job;
    },
    get isFinished() {
      return isFinished(job);
    },
    get outputs() {
      return outputs;
    },
    async refresh({ signal } = {}) {
      see(await requests.get(id, signal));
      return job;
    },
    async cancel({ signal } = {}) {
      see(await requests.cancel(id, signal));
      return job;
    },
    updates,
    async wait({ signal, waitMs, onProgress } = {}) {
      for await (const seen of updates({ signal, waitMs, withProgress: onProgress !== undefined })) onProgress?.(seen);
      if (job.status !== 'succeeded') throw new JobFailedError(handle);
      return handle;
    },
  };
  return handle;
}
