import { toProblemError } from '@afterimage/app-host/http';
import { type Problem, toProblem } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';

const FIRST_FAILURE_STATUS = 500;

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/** An error as the problem document that its operator gets; what was wrong with the system itself is only logged. */
export function toProblemAnswer(
  error: unknown,
  where: { readonly instance: string; readonly requestId: string },
  log: Log,
): ProblemAnswer {
  const failure = toProblemError(error);
  const problem = toProblem(failure.code, failure.details, where);
  const fields = { requestId: where.requestId, path: where.instance, status: problem.status, code: problem.code };
  if (problem.status >= FIRST_FAILURE_STATUS) log.error('request failed', { ...fields, error: failure.cause });
  else log.info('request refused', fields);
  const { retryAfterSeconds } = failure;
  return { problem, headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) } };
}
