import type { ProblemCode, ProblemDetails } from '@afterimage/job-schemas';

/** An error that the client is told of as a problem document. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;
  /** Whole seconds, for the `Retry-After` header. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    details: ProblemDetails,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(details.detail, { cause: options.cause });
    this.code = code;
    this.details = details;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** No job of this id, or another tenant's: the client cannot tell which. */
export function jobNotFound(jobId: string): ProblemError {
  return new ProblemError('not-found', { detail: `there is no job ${jobId}` });
}

/** The store, queue or topic cannot answer now; trying again later can help. */
export class DependencyUnavailableError extends Error {
  override readonly name = 'DependencyUnavailableError';
}
