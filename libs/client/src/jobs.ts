import { checkInteger, type Settings } from './client-options.ts';
import type { CreateJobRequest, RetryJobRequest } from './create-job-request.ts';
import { type CallOptions, type JobHandle, makeJobHandle } from './job-handle.ts';
import { type CreateRequestOptions, type JobReply, type ListFilter, makeJobRequests, pathOf } from './job-requests.ts';
import { type EventsOptions, makeFollowJob } from './follow-job.ts';
import type { JobEvent } from './job-event.ts';
import type { JobPreview } from './job-preview.ts';
import type { Job } from './job.ts';
import { makeOutputHandle, type OutputHandle } from './output-handle.ts';
import type { Page } from './read-reply.ts';
import type { Transport } from './transport.ts';
import { uploadImages } from './upload-images.ts';
import type { Uploads } from './uploads.ts';

export interface CreateOptions extends CallOptions {
  /** Creates at most one job, however often it is used. A new one is made otherwise, and kept over the retries. */
  readonly idempotencyKey?: string | undefined;
  /** 1 to 25: lets the API answer late, with the finished job if it can. */
  readonly waitSeconds?: number | undefined;
}

export interface ListOptions extends CallOptions, ListFilter {
  /** How many jobs at most, over all pages. */
  readonly limit?: number | undefined;
}

/** Jobs, newest first; pages are fetched as they are needed. */
export interface JobList extends AsyncIterable<Job> {
  pages(): AsyncGenerator<Page<Job>, void, undefined>;
}

export interface Jobs<Output extends OutputHandle = OutputHandle> {
  /** Files in the input are uploaded first. */
  create(request: CreateJobRequest, options?: CreateOptions): Promise<JobHandle<Output>>;
  /** What `create` would make of the request, and about how long it would take. No job is made; files in the input are uploaded. */
  preview(request: CreateJobRequest, options?: CallOptions): Promise<JobPreview>;
  get(id: string, options?: CallOptions): Promise<JobHandle<Output>>;
  list(options?: ListOptions): JobList;
  /**
   * What happens to the job, up to its end: each event once and in order, whatever happens to the connection. Progress comes
   * about once a second, without a request for each.
   * @throws ConnectionError when the stream breaks again and again without an event
   */
  events(id: string, options?: EventsOptions): AsyncGenerator<JobEvent, void, undefined>;
  /** Asks for the end of the job; a running one is `canceling` until its worker knows. */
  cancel(id: string, options?: CallOptions): Promise<JobHandle<Output>>;
  /** A new job that repeats one which has ended, with its seed and policy unless the request has others. */
  retry(id: string, request?: RetryJobRequest, options?: CreateOptions): Promise<JobHandle<Output>>;
  /** Erases a job that has ended: what it was asked, and its files. */
  delete(id: string, options?: CallOptions): Promise<void>;
}

/** The most that the API puts on one page. */
const PAGE_LIMIT = 100;
/** Visible ASCII, at most 255 characters. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws TypeError */
export function checkIdempotencyKey(key: string): string {
  if (IDEMPOTENCY_KEY.test(key)) return key;
  throw new TypeError('idempotencyKey must be 1 to 255 characters of visible ASCII');
}

export function makeJobs<Output extends OutputHandle>(
  settings: Settings,
  transport: Transport,
  uploads: Uploads,
  extendOutput: (output: OutputHandle) => Output,
): Jobs<Output> {
  const { runtime } = settings;
  const requests = makeJobRequests(transport, runtime);
  const followJob = makeFollowJob(settings, transport);

  function toOutputs(job: Job): Output[] {
    return job.outputs.map((output) => {
      const freshUrl = async (signal: AbortSignal): Promise<string | null> => {
        const { job: now } = await requests.get(job.id, signal);
        return now.outputs.find(({ index }) => index === output.index)?.url ?? null;
      };
      return extendOutput(makeOutputHandle({ settings, transport, jobId: job.id, output, freshUrl }));
    });
  }

  function toHandle(first: JobReply): JobHandle<Output> {
    return makeJobHandle({ first, requests, runtime, toOutputs });
  }

  async function* pages({
    limit = Number.POSITIVE_INFINITY,
    signal,
    ...filter
  }: ListOptions): AsyncGenerator<Page<Job>, void> {
    let left = limit;
    let cursor: string | null = null;
    do {
      const page: Page<Job> = await requests.list(filter, { limit: Math.min(left, PAGE_LIMIT), cursor }, signal);
      yield page;
      left -= page.data.length;
      cursor = page.nextCursor;
    } while (cursor !== null && left > 0);
  }

  function check(options: CreateOptions): CreateRequestOptions {
    const { idempotencyKey = runtime.newIdempotencyKey(), waitSeconds, signal } = options;
    checkIdempotencyKey(idempotencyKey);
    if (waitSeconds !== undefined) checkInteger('waitSeconds', waitSeconds, 1);
    return { idempotencyKey, waitSeconds, signal };
  }

  return {
    async create(request, options = {}) {
      const checked = check(options);
      const wired = await uploadImages(request, uploads, options.signal);
      return toHandle(await requests.create(wired, checked));
    },
    async preview(request, { signal } = {}) {
      return requests.preview(await uploadImages(request, uploads, signal), signal);
    },
    async retry(id, request = {}, options = {}) {
      return toHandle(await requests.retry(id, request, check(options)));
    },
    async delete(id, { signal } = {}) {
      await requests.delete(id, signal);
    },
    async get(id, { signal } = {}) {
      return toHandle(await requests.get(id, signal));
    },
    events(id, options = {}) {
      return followJob(`${pathOf(id)}/events`, options);
    },
    list(options = {}) {
      if (options.limit !== undefined) checkInteger('limit', options.limit, 1);
      return {
        pages: () => pages(options),
        async *[Symbol.asyncIterator]() {
          for await (const { data } of pages(options)) yield* data;
        },
      };
    },
    async cancel(id, { signal } = {}) {
      return toHandle(await requests.cancel(id, signal));
    },
  };
}
