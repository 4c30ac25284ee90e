import { DependencyUnavailableError, ProblemError } from '@afterimage/job-core';

const UNAVAILABLE_RETRY_SECONDS = 2;

/** What a client may know of an error: a bug is a blank 500, and an outage of AWS a 503 that says when to try again. */
export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof DependencyUnavailableError) {
    const options = { cause: error, retryAfterSeconds: UNAVAILABLE_RETRY_SECONDS };
    return new ProblemError('unavailable', { detail: 'the service cannot answer now, try again' }, options);
  }
  return new ProblemError('internal', { detail: 'an unexpected error occurred' }, { cause: error });
}
