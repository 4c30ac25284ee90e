import { aJobRecord } from '@afterimage/testing';
import { NO_TRACING, type RootSpan, type ServiceTracing } from '@afterimage/telemetry/service';
import { describe, expect, it } from 'vitest';
import { attemptSpanId, traceAttempt } from './trace-attempt.ts';

const TRACE_ID = '5759e988bd862e3fe1be46a994272793';
const traceparent = `00-${TRACE_ID}-53995c3f42cd8ad8-01`;

/** The segments that are opened. */
function recording() {
  const roots: RootSpan[] = [];
  const tracing: ServiceTracing = {
    ...NO_TRACING,
    root: (span, work) => {
      roots.push(span);
      return work({ annotate: () => undefined });
    },
  };
  return { roots, tracing };
}

const startedAtMs = 1000;

describe('the trace of an attempt', () => {
  it('goes on where the message says, under an id that the next attempt knows', async () => {
    const { roots, tracing } = recording();
    const job = aJobRecord();

    expect(await traceAttempt(tracing, { job, traceparent, startedAtMs }, async () => 'done')).toBe('done');
    expect(roots).toMatchObject([
      { traceparent, spanId: attemptSpanId(job.id, 1), startedAtMs, links: [], attributes: { 'job.id': job.id } },
    ]);
    expect(attemptSpanId(job.id, 1)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('of a further attempt stands beside the one before, and links to it', async () => {
    const { roots, tracing } = recording();
    const job = aJobRecord({ attempt: 3 });

    await traceAttempt(tracing, { job, traceparent, startedAtMs }, async () => undefined);

    const link = { traceId: TRACE_ID, spanId: attemptSpanId(job.id, 2), isSampled: true };
    expect(roots).toMatchObject([{ traceparent, spanId: attemptSpanId(job.id, 3), links: [link] }]);
  });

  it('is none for a job without a trace', async () => {
    const { roots, tracing } = recording();
    const attempt = { job: aJobRecord(), traceparent: null, startedAtMs };

    expect(await traceAttempt(tracing, attempt, async () => 'done')).toBe('done');
    expect(roots).toEqual([]);
  });
});
