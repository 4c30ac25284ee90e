import type { JobErrorCode } from '@afterimage/job-schemas';

/** A failure of an engine, with the code that the job's `error` will carry. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: JobErrorCode;
  /** Whether another attempt can end better. */
  readonly isRetryable: boolean;

  constructor(code: JobErrorCode, message: string, options: { isRetryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = code;
    this.isRetryable = options.isRetryable;
  }
}

/**
 * The engine itself is of no use any more: it is gone, hangs, or fails whatever it is asked. The worker stops consuming and
 * gives its job back, which is not counted as a failure of the job unless it does that to a second engine.
 */
export class EngineUnusableError extends Error {
  override readonly name = 'EngineUnusableError';
  /** Whether it was so when the job came to it, which then has no part in it. */
  readonly isBeforeJob: boolean;

  constructor(message: string, options: { cause?: unknown; isBeforeJob?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.isBeforeJob = options.isBeforeJob ?? false;
  }
}

/** What went wrong before an engine was asked for anything of the job. */
export function beforeJob(error: unknown): unknown {
  if (!(error instanceof EngineUnusableError)) return error;
  return new EngineUnusableError(error.message, { cause: error, isBeforeJob: true });
}
