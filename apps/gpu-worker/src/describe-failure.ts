import type { AttemptEnd } from '@afterimage/job-core';
import type { JobErrorCode, JobPhase } from '@afterimage/job-schemas';
import { EngineError } from './engines/engine-error.ts';
import { DrainError, ExecutionTimeoutError, OutputUploadError } from './interruptions.ts';

interface Failure {
  readonly code: JobErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}

function failureOf(reason: unknown): Failure {
  if (reason instanceof EngineError)
    return { code: reason.code, message: reason.message, retryable: reason.isRetryable };
  if (reason instanceof ExecutionTimeoutError) {
    return { code: 'execution_timeout', message: reason.message, retryable: false };
  }
  if (reason instanceof OutputUploadError) {
    return { code: 'output_upload_failed', message: 'an image could not be stored', retryable: true };
  }
  // Of a bug the client learns no more than that there was one.
  return { code: 'internal', message: 'the worker failed', retryable: true };
}

/** How an attempt ended that has this reason, as the job's record and the client are to be told. */
export function describeFailure(reason: unknown, at: { attempt: number; phase: JobPhase }): Omit<AttemptEnd, 'now'> {
  const where = { attempt: at.attempt, stage: at.phase };
  if (reason instanceof DrainError) {
    const message = 'the worker had to stop before the job was done';
    return { outcome: 'lost', reason: 'drain', error: { code: 'worker_lost', message, retryable: true, ...where } };
  }
  const failure = failureOf(reason);
  return { outcome: 'failed', reason: failure.code, error: { ...failure, ...where } };
}
