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
}
