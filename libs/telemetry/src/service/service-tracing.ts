import type { TraceContext } from '../traceparent.ts';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** What can be told of a span while it is open. */
export interface OpenSpan {
  annotate(attributes: SpanAttributes): void;
}

/** The first span of a process in a trace. */
export interface RootSpan {
  readonly name: string;
  /** Where the trace comes from; null begins one, where the share of traces to begin allows it. */
  readonly traceparent: string | null;
  /** In place of a random one. 16 hex digits. */
  readonly spanId?: string;
  /** Milliseconds since 1970 when it began; now unless given. */
  readonly startedAtMs?: number;
  /** Spans that it does not belong under, but comes of. */
  readonly links?: readonly TraceContext[];
  readonly attributes?: SpanAttributes;
}

/** Tracing of a long-running service. No call of it rejects or throws but for the work that it was given. */
export interface ServiceTracing {
  /** Runs work as a segment of the service. */
  root<T>(span: RootSpan, work: (span: OpenSpan) => Promise<T>): Promise<T>;
  /** Runs work as a part of the current span; just runs it where there is none. */
  span<T>(name: string, work: () => Promise<T>, startedAtMs?: number): Promise<T>;
  /** Where in its trace the code that runs now is; null when it is not traced. */
  current(): string | null;
  /** The same as the value of `X-Amzn-Trace-Id`, for services of AWS. */
  traceHeader(): string | undefined;
  /** Sends what is left, for two seconds at most. */
  close(): Promise<void>;
}

const SILENT_SPAN: OpenSpan = { annotate: () => undefined };

/** Tracing that is off. */
export const NO_TRACING: ServiceTracing = {
  root: (_span, work) => work(SILENT_SPAN),
  span: (_name, work) => work(),
  current: () => null,
  traceHeader: () => undefined,
  close: () => Promise.resolve(),
};

export interface ServiceTracingOptions {
  readonly service: string;
  /** Base URL that takes OTLP over HTTP; tracing is off without it, and OpenTelemetry is not even loaded. */
  readonly endpoint: string | undefined;
  /** Share, 0 to 1, of the traces that begin in this process which are kept; others follow their beginning. */
  readonly sampleRatio: number;
  /** Errors that end work without being a failure of it, as a wish of the client does; none unless given. */
  readonly isInterruption?: (error: unknown) => boolean;
}

/** Tracing by OpenTelemetry, with ids and headers as X-Ray has them. */
export async function createServiceTracing(options: ServiceTracingOptions): Promise<ServiceTracing> {
  const { endpoint } = options;
  if (endpoint === undefined) return NO_TRACING;
  const { createOtelTracing } = await import('./otel-tracing.ts');
  return createOtelTracing({ ...options, endpoint });
}
