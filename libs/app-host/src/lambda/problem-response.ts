import type { APIGatewayProxyResult } from 'aws-lambda';
import { DependencyUnavailableError, ProblemError } from '@afterimage/job-core';
import { toProblem } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import type { ApiEvent } from './api-request.ts';
import { METRICS } from './metrics.ts';

const UNAVAILABLE_RETRY_SECONDS = 2;

/** What the client may know of an error: a bug is a blank 500, and an outage of AWS a 503 that says when to try again. */
function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof DependencyUnavailableError) {
    const options = { cause: error, retryAfterSeconds: UNAVAILABLE_RETRY_SECONDS };
    return new ProblemError('unavailable', { detail: 'the service cannot answer now, try again' }, options);
  }
  return new ProblemError('internal', { detail: 'an unexpected error occurred' }, { cause: error });
}

/** Logs and counts the error, and writes it as `application/problem+json`. */
export function problemResponse(
  error: unknown,
  event: ApiEvent | undefined,
  { log, metrics }: Telemetry,
): APIGatewayProxyResult {
  const failure = toProblemError(error);
  const requestId = event?.requestContext.requestId ?? 'unknown';
  const problem = toProblem(failure.code, failure.details, { instance: event?.path ?? '/', requestId });
  const fields = { requestId, resource: event?.resource, status: problem.status, code: problem.code };
  if (problem.status >= 500) {
    log.error('request failed', { ...fields, error: failure.cause });
    metrics.count(METRICS.requestFailed);
  } else {
    log.info('request refused', fields);
    metrics.count(METRICS.requestRefused);
  }
  return {
    statusCode: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(failure.retryAfterSeconds === undefined ? {} : { 'retry-after': String(failure.retryAfterSeconds) }),
    },
    body: JSON.stringify(problem),
  };
}
