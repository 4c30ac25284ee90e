import type * as z from 'zod';
import type { createJobSchema } from '@afterimage/job-schemas';
import type { Clock } from './clock.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { parseRetryAfter } from './http/retry-after.ts';
import type { Retry } from './http/retry.ts';
import { overNetwork, throwIfError, type Fetch } from './http/send.ts';
import { jobPageSchema, jobViewSchema, modelPageSchema, type JobPage, type JobView } from './job-view.ts';
import type { Settings } from './settings.ts';

export type CreateJobBody = z.input<typeof createJobSchema>;

const REQUEST_TIMEOUT_MS = 30_000;

/** What came with a job: how to ask for the next state, and when. */
export interface JobReply {
  readonly job: JobView;
  readonly etag: string | null;
  /** Whether the server waited as `Prefer` asked; if not, the next poll has to wait instead. */
  readonly hasWaited: boolean;
  readonly retryAfterMs: number | undefined;
}

/** `job` is undefined when it still is as the ETag says (304). */
export type JobPoll = Omit<JobReply, 'job'> & { readonly job: JobView | undefined };

export interface PollOptions {
  /** 1 to 25. Without an ETag the server waits for the end of the job, with one for any change of its version. */
  readonly waitSeconds: number;
  readonly etag: string | null;
}

export interface ListQuery {
  readonly limit: number;
  readonly status?: string | undefined;
  readonly model?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Every call retries what may pass, and throws ApiProblemError or UnreachableError. */
export interface ApiClient {
  createJob(body: CreateJobBody, idempotencyKey: string, signal: AbortSignal): Promise<JobReply>;
  getJob(id: string, signal: AbortSignal): Promise<JobReply>;
  pollJob(id: string, options: PollOptions, signal: AbortSignal): Promise<JobPoll>;
  listJobs(query: ListQuery, signal: AbortSignal): Promise<JobPage>;
  cancelJob(id: string, signal: AbortSignal): Promise<JobView>;
  /** Models that make images from text. */
  listModels(signal: AbortSignal): Promise<readonly string[]>;
}

export interface ApiClientOptions {
  readonly settings: Settings;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly retry: Retry;
}

interface ApiRequest {
  readonly path: string;
  readonly method?: 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
  /** A create is not torn off half-way: its reply has the id that the user needs to come back. */
  readonly isUninterruptible?: boolean;
}

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export function makeApiClient({ settings, fetch, clock, retry }: ApiClientOptions): ApiClient {
  async function send(request: ApiRequest, signal: AbortSignal): Promise<Reply> {
    const url = `${settings.apiUrl}${request.path}`;
    return retry(async () => {
      const timeout = AbortSignal.timeout(request.timeoutMs ?? REQUEST_TIMEOUT_MS);
      const userSignal = request.isUninterruptible === true ? new AbortController().signal : signal;
      const reply = await overNetwork(url, userSignal, async () => {
        const response = await fetch(url, {
          method: request.method ?? 'GET',
          headers: { accept: 'application/json', authorization: `Bearer ${settings.apiKey}`, ...request.headers },
          ...(request.body === undefined ? {} : { body: request.body }),
          redirect: 'manual',
          signal: AbortSignal.any([userSignal, timeout]),
        });
        return { status: response.status, headers: response.headers, text: await response.text() };
      });
      throwIfError(reply, reply.text, clock);
      return reply;
    }, signal);
  }

  function toJobReply(reply: Reply): JobReply {
    return { job: read(jobViewSchema, reply), ...pacing(reply) };
  }

  function pacing(reply: Reply): Omit<JobReply, 'job'> {
    return {
      etag: reply.headers.get('etag'),
      hasWaited: reply.headers.has('preference-applied'),
      retryAfterMs: parseRetryAfter(reply.headers.get('retry-after'), clock.nowMs()),
    };
  }

  return {
    async createJob(body, idempotencyKey, signal) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': JSON.stringify(idempotencyKey) };
      const request = {
        path: '/v1/jobs',
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        isUninterruptible: true,
      } as const;
      return toJobReply(await send(request, signal));
    },
    async getJob(id, signal) {
      return toJobReply(await send({ path: jobPath(id) }, signal));
    },
    async pollJob(id, { waitSeconds, etag }, signal) {
      const headers = { prefer: `wait=${waitSeconds}`, ...(etag === null ? {} : { 'if-none-match': etag }) };
      const reply = await send(
        { path: jobPath(id), headers, timeoutMs: REQUEST_TIMEOUT_MS + waitSeconds * 1000 },
        signal,
      );
      return reply.status === 304 ? { job: undefined, ...pacing(reply) } : toJobReply(reply);
    },
    async listJobs({ limit, status, model, cursor }, signal) {
      const query = new URLSearchParams({ limit: String(limit) });
      for (const [name, value] of Object.entries({ status, model, cursor }))
        if (value !== undefined) query.set(name, value);
      return read(jobPageSchema, await send({ path: `/v1/jobs?${query}` }, signal));
    },
    async cancelJob(id, signal) {
      return read(jobViewSchema, await send({ path: `${jobPath(id)}/cancel`, method: 'POST' }, signal));
    },
    async listModels(signal) {
      const { data } = read(modelPageSchema, await send({ path: '/v1/models' }, signal));
      return data.filter((model) => model.tasks.includes('text-to-image')).map((model) => model.id);
    },
  };
}

function jobPath(id: string): string {
  return `/v1/jobs/${encodeURIComponent(id)}`;
}

function read<T extends z.ZodType>(schema: T, reply: Reply): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(reply.text);
  } catch (cause) {
    throw new CliError(EXIT.unreachable, `the server answered ${reply.status} with something other than JSON`, {
      cause,
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new CliError(EXIT.unreachable, 'the reply is not what this version of the command understands', { lines });
}
