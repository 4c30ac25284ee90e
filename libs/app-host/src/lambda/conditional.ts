import { LIMITS } from '@afterimage/job-schemas';
import type { ApiRequest } from './api-request.ts';
import { invalidFields } from '../http/parse-body.ts';

/** Entity tag of a version of the job. Weak: progress changes the body, not the version. */
export function etagOf(job: { readonly version: number }): string {
  return `W/"${job.version}"`;
}

/** Whether `If-None-Match` names this entity tag (weak comparison, RFC 9110 section 13.1.2). */
export function noneMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return true;
  const tags = new Set(header.split(',').map((tag) => tag.trim().replace(/^W\//, '')));
  return !tags.has('*') && !tags.has(etag.replace(/^W\//, ''));
}

const WAIT = /(?:^|[,;\s])wait\s*=\s*"?(\d+)"?/i;

/** Seconds of `Prefer: wait=N` (RFC 7240); undefined when it is not asked for. @throws ProblemError when out of range */
export function preferredWait(request: Pick<ApiRequest, 'header'>): number | undefined {
  const match = WAIT.exec(request.header('prefer') ?? '');
  if (match === null) return undefined;
  const seconds = Number(match[1]);
  const { min, max } = LIMITS.waitSeconds;
  if (seconds >= min && seconds <= max) return seconds;
  const detail = `wait must be ${min} to ${max} seconds, got ${seconds}`;
  throw invalidFields([{ pointer: 'Prefer', code: 'out_of_range', detail, limit: max }], 'header');
}

/** Left of the invocation for the answer itself. */
const ANSWER_RESERVE_MS = 1000;

/** How long a request may wait: the seconds that its client prefers, or what the invocation leaves. */
export function waitMsWithin(context: { getRemainingTimeInMillis(): number }, seconds: number): number {
  return Math.min(seconds * 1000, context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS);
}
