import { createHash } from 'node:crypto';
import type { JobRecord } from '@afterimage/job-schemas';
import { NO_TRACING, type OpenSpan, type ServiceTracing } from '@afterimage/telemetry/service';
import { readTraceparent } from '@afterimage/telemetry';

const SPAN_ID_DIGITS = 16;

/** Id of the span of an attempt: the next attempt names it, whatever became of the worker that made this one. */
export function attemptSpanId(jobId: string, attempt: number): string {
  return createHash('sha256').update(`${jobId}/${attempt}`).digest('hex').slice(0, SPAN_ID_DIGITS);
}

/** An attempt that was claimed. */
export interface TracedAttempt {
  readonly job: JobRecord;
  /** Where the trace goes on, as the message says. */
  readonly traceparent: string | null;
  /** Milliseconds since 1970 of just before the claim. */
  readonly startedAtMs: number;
}

/**
 * Runs an attempt as a segment in the trace of its job. A further attempt stands beside the one before, and links to it:
 * it comes of that one, but is no part of it.
 */
export function traceAttempt<T>(
  tracing: ServiceTracing,
  { job, traceparent, startedAtMs }: TracedAttempt,
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> {
  const { id, attempt, tenantId, pool, model, retryOf } = job;
  const origin = readTraceparent(traceparent);
  const before = origin === undefined || attempt === 1 ? [] : [{ ...origin, spanId: attemptSpanId(id, attempt - 1) }];
  return (origin === undefined ? NO_TRACING : tracing).root(
    {
      name: 'attempt',
      traceparent,
      spanId: attemptSpanId(id, attempt),
      startedAtMs,
      links: before,
      attributes: {
        'job.id': id,
        'job.attempt': attempt,
        'job.pool': pool,
        'job.model': model,
        'tenant.id': tenantId,
        ...(retryOf === null ? {} : { 'job.retryOf': retryOf }),
      },
    },
    work,
  );
}
