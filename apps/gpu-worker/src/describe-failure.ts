import type { AttemptEnd } from '@afterimage/job-core';
import type { Attempt, JobErrorCode, JobPhase, JobRecord } from '@afterimage/job-schemas';
import { EngineError, EngineUnusableError } from './engines/engine-error.ts';
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

/** Reason of an attempt in which the engine became unusable. */
const ENGINE_LOST = 'engine_lost';
/** Reason of an attempt whose engine was so already. */
const ENGINE_AWAY = 'engine_away';

/** The first engine that becomes unusable is bad luck; the second one tells that it is the job which does that. */
function engineLost(
  { isBeforeJob }: EngineUnusableError,
  earlier: readonly Attempt[],
): Pick<AttemptEnd, 'outcome' | 'reason'> & { error: Failure } {
  if (isBeforeJob) {
    const message = 'the engine was of no use before the job began';
    return { outcome: 'lost', reason: ENGINE_AWAY, error: { code: 'engine_error', message, retryable: true } };
  }
  const isPoison = earlier.some(({ reason }) => reason === ENGINE_LOST);
  const message = isPoison ? 'the job made the engine unusable twice' : 'the engine became unusable';
  return {
    outcome: isPoison ? 'failed' : 'lost',
    reason: ENGINE_LOST,
    error: { code: 'engine_error', message, retryable: !isPoison },
  };
}

/** How the latest attempt ended that has this reason, as the job's record and the client are to be told. */
export function describeFailure(
  reason: unknown,
  { attempt, attempts, phase }: Pick<JobRecord, 'attempt' | 'attempts'> & { phase: JobPhase },
): Omit<AttemptEnd, 'now'> {
  const where = { attempt, stage: phase };
  if (reason instanceof EngineUnusableError) {
    const { error, ...end } = engineLost(reason, attempts);
    return { ...end, error: { ...error, ...where } };
  }
  if (reason instanceof DrainError) {
    const message = 'the worker had to stop before the job was done';
    return {
      outcome: 'lost',
      reason: reason.because,
      error: { code: 'worker_lost', message, retryable: true, ...where },
    };
  }
  const failure = failureOf(reason);
  return { outcome: 'failed', reason: failure.code, error: { ...failure, ...where } };
}
