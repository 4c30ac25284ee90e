/** W3C trace context (https://www.w3.org/TR/trace-context/), the form in which a trace travels through the queues. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const XRAY_ROOT = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/;
const XRAY_PARENT = /Parent=([0-9a-f]{16})/;
const SAMPLED = 1;

/** A place in a trace. */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the segment or span that what comes next belongs under. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

/** Whether the value is a traceparent of version 00. */
export function isTraceparent(value: string | undefined): value is string {
  return value !== undefined && TRACEPARENT.test(value);
}

/** Undefined for what is no traceparent. */
export function readTraceparent(value: string | null | undefined): TraceContext | undefined {
  const match = TRACEPARENT.exec(value ?? '');
  if (match === null) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = match;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

export function toTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

/** X-Ray's form of a trace id: `1-8 hex-24 hex`. */
export function xrayTraceId(traceId: string): string {
  return `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
}

/** Value of `X-Amzn-Trace-Id`. */
export function toTraceHeader({ traceId, spanId, isSampled }: TraceContext): string {
  return `Root=${xrayTraceId(traceId)};Parent=${spanId};Sampled=${isSampled ? 1 : 0}`;
}

/** Reads `X-Amzn-Trace-Id`; without a parent the root stands for it. Undefined for what names no trace. */
export function readTraceHeader(value: string | null | undefined): TraceContext | undefined {
  const root = XRAY_ROOT.exec(value ?? '');
  if (root === null) return undefined;
  const [, time = '', unique = ''] = root;
  const spanId = XRAY_PARENT.exec(value ?? '')?.[1] ?? unique.slice(0, 16);
  const context = { traceId: `${time}${unique}`, spanId, isSampled: /Sampled=1/.test(value ?? '') };
  return isTraceparent(toTraceparent(context)) ? context : undefined;
}

/**
 * The trace that a request belongs to: the client's own, else the one that X-Ray began for it.
 * @param xrayHeader value of `X-Amzn-Trace-Id`
 * @returns null when there is neither
 */
export function traceparentOf(clientHeader: string | undefined, xrayHeader: string | undefined): string | null {
  if (isTraceparent(clientHeader)) return clientHeader;
  const context = readTraceHeader(xrayHeader);
  return context === undefined ? null : toTraceparent(context);
}

/**
 * Where the trace of a message goes on: the `AWSTraceHeader` of the queue names the latest place, so it is taken when it is
 * of the same trace as the message's own `traceparent`, or the only one.
 */
export function continuedTraceparent(
  traceparent: string | null | undefined,
  awsTraceHeader: string | null | undefined,
): string | null {
  const own = readTraceparent(traceparent);
  const latest = readTraceHeader(awsTraceHeader);
  if (latest !== undefined && (own === undefined || own.traceId === latest.traceId)) return toTraceparent(latest);
  return own === undefined ? null : toTraceparent(own);
}
