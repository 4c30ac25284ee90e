import type { APIGatewayProxyResult } from 'aws-lambda';
import { toProblem } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import { toProblemError } from '../http/to-problem-error.ts';
import type { ApiEvent } from './api-request.ts';
import { METRICS } from './metrics.ts';

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
