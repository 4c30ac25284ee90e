import type { CreateJobRequest, ImageRef, RetryJobRequest } from './create-job-request.ts';
import { type JobPreview, readPreview } from './job-preview.ts';
import type { Job } from './job.ts';
import { type Page, readJob, readJobPage } from './read-reply.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { Runtime } from './runtime.ts';
import type { Reply, Transport } from './transport.ts';

/** What came with a job: how to ask for the next state, and when. */
export interface JobReply {
  readonly job: Job;
  readonly etag: string | null;
  /** Whether the server waited as `Prefer` asked; if not, the next poll has to wait instead. */
  readonly hasWaited: boolean;
  readonly retryAfterMs: number | undefined;
}

/** `job` is undefined when it still is as the ETag says (304). */
export type JobPoll = Omit<JobReply, 'job'> & { readonly job: Job | undefined };

export interface PollOptions {
  /** Without an ETag the server waits for the end of the job, with one for any change of its version. */
  readonly waitSeconds: number;
  readonly etag: string | null;
  readonly signal: AbortSignal;
}

export interface ListFilter {
  readonly status?: string | undefined;
  readonly model?: string | undefined;
  readonly batchId?: string | undefined;
  /** RFC 3339, or a Date. */
  readonly createdAfter?: string | Date | undefined;
  /** RFC 3339, or a Date. */
  readonly createdBefore?: string | Date | undefined;
}

/** The requests about jobs, one for one as in the API. */
export interface JobRequests {
  create(request: CreateJobRequest<ImageRef>, options: CreateRequestOptions): Promise<JobReply>;
  preview(request: CreateJobRequest<ImageRef>, signal: AbortSignal | undefined): Promise<JobPreview>;
  retry(id: string, request: RetryJobRequest, options: CreateRequestOptions): Promise<JobReply>;
  delete(id: string, signal: AbortSignal | undefined): Promise<void>;
  get(id: string, signal: AbortSignal | undefined): Promise<JobReply>;
  poll(id: string, options: PollOptions): Promise<JobPoll>;
  cancel(id: string, signal: AbortSignal | undefined): Promise<JobReply>;
  list(
    filter: ListFilter,
    page: { readonly limit: number; readonly cursor: string | null },
    signal?: AbortSignal,
  ): Promise<Page<Job>>;
}

export interface CreateRequestOptions {
  readonly idempotencyKey: string;
  readonly waitSeconds: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** @throws TypeError for what would be another path */
export function pathOf(id: string): string {
  if (!/^\w+$/.test(id)) throw new TypeError('the id of a job must be job_ and 26 characters');
  return `/v1/jobs/${id}`;
}

export function makeJobRequests(transport: Transport, runtime: Runtime): JobRequests {
  function pacing(reply: Reply): Omit<JobReply, 'job'> {
    return {
      etag: reply.headers.get('etag'),
      hasWaited: reply.headers.has('preference-applied'),
      retryAfterMs: parseRetryAfter(reply.headers.get('retry-after'), runtime.nowMs()),
    };
  }

  function toJobReply(reply: Reply): JobReply {
    return { job: readJob(reply), ...pacing(reply) };
  }

  /** A new job: created at most once under its key. */
  async function post(path: string, request: object, options: CreateRequestOptions): Promise<JobReply> {
    const { idempotencyKey, waitSeconds = 0, signal } = options;
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': JSON.stringify(idempotencyKey),
      ...(waitSeconds === 0 ? {} : { prefer: `wait=${waitSeconds}` }),
    };
    const body = JSON.stringify(request);
    return toJobReply(await transport.send({ path, method: 'POST', headers, body, waitSeconds, signal }));
  }

  return {
    async create(request, options) {
      return post('/v1/jobs', request, options);
    },
    async preview(request, signal) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify(request);
      return readPreview(await transport.send({ path: '/v1/jobs?dryRun=true', method: 'POST', headers, body, signal }));
    },
    async retry(id, request, options) {
      return post(`${pathOf(id)}/retry`, request, options);
    },
    async delete(id, signal) {
      await transport.send({ path: pathOf(id), method: 'DELETE', signal });
    },
    async get(id, signal) {
      return toJobReply(await transport.send({ path: pathOf(id), signal }));
    },
    async poll(id, { waitSeconds, etag, signal }) {
      const headers = { prefer: `wait=${waitSeconds}`, ...(etag === null ? {} : { 'if-none-match': etag }) };
      const reply = await transport.send({ path: pathOf(id), headers, waitSeconds, signal });
      return reply.status === 304 ? { job: undefined, ...pacing(reply) } : toJobReply(reply);
    },
    async cancel(id, signal) {
      return toJobReply(await transport.send({ path: `${pathOf(id)}/cancel`, method: 'POST', signal }));
    },
    async list(filter, { limit, cursor }, signal) {
      const query = new URLSearchParams({ limit: String(limit) });
      for (const [name, value] of Object.entries({ ...filter, cursor: cursor ?? undefined })) {
        if (value !== undefined) query.set(name, value instanceof Date ? value.toISOString() : value);
      }
      return readJobPage(await transport.send({ path: `/v1/jobs?${query}`, signal }));
    },
  };
}
