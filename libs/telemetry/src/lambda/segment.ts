import { randomBytes } from 'node:crypto';
import { type TraceContext, xrayTraceId } from '../traceparent.ts';
import type { SendDocument } from './xray-daemon.ts';

export type Annotations = Readonly<Record<string, string | number | boolean>>;

/** What a document says beside name, place and time. */
export interface SegmentFields {
  /** The service failed, as opposed to its caller. */
  readonly fault?: boolean;
  /** The caller was wrong. */
  readonly error?: boolean;
  readonly throttle?: boolean;
  readonly namespace?: 'aws';
  readonly aws?: Readonly<Record<string, unknown>>;
  readonly http?: { readonly response: { readonly status: number } };
}

const HTTP_TOO_MANY = 429;

/** Whose doing an answer is that tells of an error, by its HTTP status. */
export function blameOf(status: number): Pick<SegmentFields, 'fault' | 'error' | 'throttle'> {
  if (status >= 500) return { fault: true };
  return { error: true, ...(status === HTTP_TOO_MANY ? { throttle: true } : {}) };
}

/** A segment or subsegment that has begun. */
export interface OpenSegment {
  /** Its own place in the trace. */
  readonly place: TraceContext;
  annotate(annotations: Annotations): void;
  tell(fields: SegmentFields): void;
  /** Ends it, and sends it unless the trace is not sampled. */
  close(): void;
}

const SPAN_ID_BYTES = 8;
const seconds = () => Date.now() / 1000;

/**
 * Begins a part of a trace. It is sent by itself when it is over, whatever else is open: an environment may be frozen for good after the
 * answer (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html).
 * @param type a segment is a service's own, a subsegment is a part of one
 */
export function openSegment(
  name: string,
  type: 'segment' | 'subsegment',
  { parent, send }: { readonly parent: TraceContext; readonly send: SendDocument },
): OpenSegment {
  const place = { ...parent, spanId: randomBytes(SPAN_ID_BYTES).toString('hex') };
  const startedAt = seconds();
  let annotations: Annotations = {};
  let fields: SegmentFields = {};
  return {
    place,
    annotate(more) {
      annotations = { ...annotations, ...more };
    },
    tell(more) {
      fields = { ...fields, ...more };
    },
    close() {
      if (!place.isSampled) return;
      send({
        trace_id: xrayTraceId(place.traceId),
        id: place.spanId,
        parent_id: parent.spanId,
        name,
        ...(type === 'subsegment' ? { type } : {}),
        start_time: startedAt,
        end_time: seconds(),
        ...fields,
        annotations,
      });
    },
  };
}
