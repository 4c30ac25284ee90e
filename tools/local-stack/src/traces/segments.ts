import { randomBytes } from 'node:crypto';
import { readTraceHeader, toTraceHeader, type TraceContext, xrayTraceId } from '@afterimage/telemetry';
import type { TraceStore } from './trace-store.ts';

const SPAN_ID_BYTES = 8;
const MS = 1000;

/** A segment that a service of AWS makes by itself. */
export interface ServiceSegment {
  readonly name: string;
  readonly origin: string;
  /** The `X-Amzn-Trace-Id` that it goes on with; undefined is no trace. */
  readonly traceHeader: string | undefined;
}

/** One that is open. */
export interface OpenSegment {
  /** The `X-Amzn-Trace-Id` for what happens under it. */
  readonly traceHeader: string;
  end(isFault: boolean): void;
}

function newTrace(): TraceContext {
  const time = Math.floor(Date.now() / MS)
    .toString(16)
    .padStart(8, '0');
  const traceId = `${time}${randomBytes(12).toString('hex')}`;
  return { traceId, spanId: randomBytes(SPAN_ID_BYTES).toString('hex'), isSampled: false };
}

/**
 * Begins the segment of an emulated service: without it what an app sends would stand alone. A trace that nobody asked for,
 * as that of a schedule, is not kept.
 */
export function beginSegment(add: TraceStore['add'], { name, origin, traceHeader }: ServiceSegment): OpenSegment {
  const given = readTraceHeader(traceHeader);
  const hasParent = traceHeader?.includes('Parent=') === true;
  const id = randomBytes(SPAN_ID_BYTES).toString('hex');
  const isSampled = given !== undefined && !/Sampled=0/.test(traceHeader ?? '');
  const context = { ...(given ?? newTrace()), isSampled };
  const startedAt = Date.now();
  return {
    traceHeader: toTraceHeader({ ...context, spanId: id }),
    end(isFault) {
      if (!isSampled) return;
      add({
        trace_id: xrayTraceId(context.traceId),
        id,
        ...(hasParent ? { parent_id: context.spanId } : {}),
        name,
        origin,
        start_time: startedAt / MS,
        end_time: Date.now() / MS,
        fault: isFault,
      });
    },
  };
}
