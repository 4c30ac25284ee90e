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
