import type { AdminTraceSpan } from '@afterimage/admin-schemas';

/** Where a span lies in its trace, in percent of the whole. */
export interface TraceBar {
  readonly startsAt: number;
  readonly width: number;
}

const PERCENT = 100;
/** What is too short to be seen is drawn as long as this. */
const MIN_WIDTH = 0.4;

/** A bar for each span; one without an end goes on to the end of the trace. */
export function traceBars(spans: readonly AdminTraceSpan[]): TraceBar[] {
  const startMs = Math.min(...spans.map(({ startedAtMs }) => startedAtMs));
  const endMs = Math.max(...spans.map(({ startedAtMs, endedAtMs }) => endedAtMs ?? startedAtMs));
  const wholeMs = Math.max(endMs - startMs, 1);
  return spans.map(({ startedAtMs, endedAtMs }) => {
    const width = Math.max((((endedAtMs ?? endMs) - startedAtMs) / wholeMs) * PERCENT, MIN_WIDTH);
    const startsAt = Math.min(((startedAtMs - startMs) / wholeMs) * PERCENT, PERCENT - MIN_WIDTH);
    return { startsAt, width: Math.min(width, PERCENT - startsAt) };
  });
}
