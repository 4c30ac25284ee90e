import type { BatchHandle } from './batch-handle.ts';
import type { JobHandle } from './job-handle.ts';
import { parseProblem, type Problem } from './problem.ts';

/** Every error that the client throws, except a signal's own reason and the TypeError of a wrong option. */
export abstract class AfterimageError extends Error {
  /** Stable, for programs. */
  abstract readonly code: string;
}

/** The API could not be reached, or the connection broke, on every try. */
export class ConnectionError extends AfterimageError {
  override readonly name = 'ConnectionError';
  readonly code = 'connection-failed';

  constructor(origin: string, cause: unknown) {
    super(`cannot reach ${origin}: ${reasonOf(cause)}`, { cause });
  }
}

/** fetch hides the reason (`ECONNREFUSED`, …) in the cause of its "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : error.message;
}

/** No full reply within the time for one request, on every try; or, as {@link WaitTimeoutError}, no end of a job. */
export class TimeoutError extends AfterimageError {
  override readonly name: string = 'TimeoutError';
  readonly code: string = 'request-timeout';
}

/** The job is not finished within the wait time. It goes on; `handle` waits for it again. */
export class WaitTimeoutError extends TimeoutError {
  override readonly name = 'WaitTimeoutError';
  override readonly code = 'wait-timeout';
  readonly handle: JobHandle;

  constructor(handle: JobHandle, waitMs: number) {
    super(`job ${handle.id} is still ${handle.job.status} after ${waitMs} ms`);
    this.handle = handle;
  }
}

/** Not every job of the batch has ended within the wait time. They go on; `handle` waits for them again. */
export class BatchWaitTimeoutError extends TimeoutError {
  override readonly name = 'BatchWaitTimeoutError';
  override readonly code = 'wait-timeout';
  readonly handle: BatchHandle;

  constructor(handle: BatchHandle, waitMs: number) {
    super(`batch ${handle.id} is still ${handle.batch.status} after ${waitMs} ms`);
    this.handle = handle;
  }
}

/** The API refused a request. */
export class ApiError extends AfterimageError {
  override readonly name: string = 'ApiError';
  /** Of the problem, or `http-<status>` without one. */
  readonly code: string;
  readonly status: number;
  /** Undefined when something before the API answered. */
  readonly problem: Problem | undefined;
  /** What the reply asked for in `Retry-After`. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, body: string, retryAfterMs: number | undefined) {
    const problem = parseProblem(body);
    super(
      problem === undefined
        ? `the server answered ${status} without a problem document`
        : `${problem.title} (${problem.code}, ${status}): ${problem.detail}`,
    );
    this.code = problem?.code ?? `http-${status}`;
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Too many requests or jobs, on every try (429). */
export class RateLimitError extends ApiError {
  override readonly name = 'RateLimitError';
}

/** The API's address redirects. The key is not taken along. */
export class RedirectError extends AfterimageError {
  override readonly name = 'RedirectError';
  readonly code = 'redirected';
  readonly location: string | null;

  constructor(location: string | null) {
    super(`the API address redirects to ${location ?? 'another one'}: use that one`);
    this.location = location;
  }
}

/** The reply is not what this release understands. */
export class UnexpectedReplyError extends AfterimageError {
  override readonly name = 'UnexpectedReplyError';
  readonly code = 'unexpected-reply';
  /** One line for each thing that is wrong. */
  readonly issues: readonly string[];

  constructor(message: string, options: { readonly issues?: readonly string[]; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.issues = options.issues ?? [];
  }
}

/** The job ended otherwise than succeeded: failed, canceled or expired. */
export class JobFailedError extends AfterimageError {
  override readonly name = 'JobFailedError';
  /** Of the job's error, or its status where it has none. */
  readonly code: string;
  readonly handle: JobHandle;

  constructor(handle: JobHandle) {
    const { id, status, error } = handle.job;
    super(error === null ? `job ${id} ${status}` : `job ${id} ${status}: ${error.message} (${error.code})`);
    this.code = error?.code ?? status;
    this.handle = handle;
  }
}

/** A downloaded file is not the one that the job names. */
export class IntegrityError extends AfterimageError {
  override readonly name = 'IntegrityError';
  readonly code = 'output-damaged';

  constructor(index: number, reason: string) {
    super(`output ${index} arrived damaged: ${reason}`);
  }
}

/** A request that claims to be a webhook is not from the API, or too old. */
export class WebhookVerificationError extends AfterimageError {
  override readonly name = 'WebhookVerificationError';
  readonly code = 'webhook-not-verified';
}
