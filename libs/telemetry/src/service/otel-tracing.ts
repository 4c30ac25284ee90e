import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Context,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { AWSXRayIdGenerator } from '@opentelemetry/id-generator-aws-xray';
import { AWSXRAY_TRACE_ID_HEADER, AWSXRayPropagator } from '@opentelemetry/propagator-aws-xray';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type IdGenerator,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { readTraceparent, toTraceparent, type TraceContext } from '../traceparent.ts';
import type { RootSpan, ServiceTracing, ServiceTracingOptions } from './service-tracing.ts';
import { WholeRootProcessor } from './whole-root-processor.ts';

const EXPORT_MS = 3000;
const CLOSE_MS = 2000;
/** Spans are bounded in memory while the collector does not answer; further ones are dropped. */
const BATCHES = { maxQueueSize: 2048, maxExportBatchSize: 256, scheduledDelayMillis: 500, exportTimeoutMillis: 5000 };

function spanContextOf({ traceId, spanId, isSampled }: TraceContext) {
  return { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}

function startAt(startedAtMs: number | undefined): { readonly startTime?: number } {
  return startedAtMs === undefined ? {} : { startTime: startedAtMs };
}

/** By the name alone: a message may quote what a client sent. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function fail(span: Span, error: unknown): void {
  const type = nameOf(error);
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}

/** As {@link createServiceTracing}, with OpenTelemetry loaded. */
export function createOtelTracing({
  isInterruption = () => false,
  ...options
}: ServiceTracingOptions & { readonly endpoint: string }): ServiceTracing {
  const ids = new AWSXRayIdGenerator();
  let givenSpanId: string | undefined;
  const idGenerator: IdGenerator = {
    generateTraceId: () => ids.generateTraceId(),
    generateSpanId: () => givenSpanId ?? ids.generateSpanId(),
  };
  const exporter = new OTLPTraceExporter({ url: `${options.endpoint}/v1/traces`, timeoutMillis: EXPORT_MS });
  const provider = new BasicTracerProvider({
    idGenerator,
    resource: resourceFromAttributes({ 'service.name': options.service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sampleRatio) }),
    spanProcessors: [new WholeRootProcessor(new BatchSpanProcessor(exporter, BATCHES))],
  });
  const tracer = provider.getTracer('afterimage');
  const propagator = new AWSXRayPropagator();
  const contexts = new AsyncLocalStorage<Context>();

  async function run<T>(span: Span, parent: Context, work: () => Promise<T>): Promise<T> {
    try {
      return await contexts.run(trace.setSpan(parent, span), work);
    } catch (error) {
      if (isInterruption(error)) span.setAttribute('interrupted.by', nameOf(error));
      else fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  }

  function startRoot({ name, traceparent, spanId, startedAtMs, links = [], attributes = {} }: RootSpan): Span {
    const origin = readTraceparent(traceparent);
    const parent = origin === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContextOf(origin));
    givenSpanId = spanId;
    try {
      // A server's span is what the collector makes a segment of, rather than a part of one.
      const kind = SpanKind.SERVER;
      const linked = links.map((link) => ({ context: spanContextOf(link) }));
      return tracer.startSpan(name, { kind, links: linked, attributes, ...startAt(startedAtMs) }, parent);
    } finally {
      givenSpanId = undefined;
    }
  }

  return {
    root(span, work) {
      const open = startRoot(span);
      return run(open, ROOT_CONTEXT, () => work({ annotate: (attributes) => void open.setAttributes(attributes) }));
    },
    async span(name, work, startedAtMs) {
      const parent = contexts.getStore();
      if (parent === undefined) return work();
      return run(tracer.startSpan(name, { kind: SpanKind.INTERNAL, ...startAt(startedAtMs) }, parent), parent, work);
    },
    current() {
      const context = contexts.getStore();
      const span = context === undefined ? undefined : trace.getSpanContext(context);
      if (span === undefined) return null;
      const { traceId, spanId, traceFlags } = span;
      return toTraceparent({ traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
    },
    traceHeader() {
      const context = contexts.getStore();
      if (context === undefined) return undefined;
      const carrier: Record<string, string> = {};
      propagator.inject(context, carrier, defaultTextMapSetter);
      return carrier[AWSXRAY_TRACE_ID_HEADER];
    },
    async close() {
      await Promise.race([provider.shutdown().catch(() => undefined), pause(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}
