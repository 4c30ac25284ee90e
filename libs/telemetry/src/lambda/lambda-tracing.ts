import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import type { MiddlewareObj } from '@middy/core';
import xray from 'aws-xray-sdk-core';
import { currentJob } from '../log/job-scope.ts';
import { readTraceHeader, readTraceparent, toTraceparent, xrayTraceId } from '../traceparent.ts';

export type Annotations = Readonly<Record<string, string | number | boolean>>;

/** Tracing of a Lambda. The X-Ray SDK stays behind it, so that another one can take its place in this folder. */
export interface LambdaTracing {
  /** Opens a segment for each invocation. Responses are never captured: they hold what clients own. */
  readonly middleware: MiddlewareObj;
  /** The handler, each of whose invocations has a trace context of its own, also when several overlap. */
  handler<H extends (...args: never[]) => unknown>(handle: H): H;
  /** The client with a subsegment for each call. */
  capture<T>(client: T): T;
  /** Where in its trace the code that runs now is, as a W3C traceparent; null when it is not traced. */
  current(): string | null;
  /** Puts annotations on the current segment, those of the job that is handled among them. */
  note(annotations: Annotations): void;
  /** Runs work as a subsegment of the current one. */
  span<T>(name: string, annotations: Annotations, work: () => Promise<T>): Promise<T>;
  /**
   * Runs work in the trace that `traceparent` names. A queue's batch and a schedule have a trace of their own, which is not
   * that of the job: then the work becomes a segment of the service in the job's trace.
   */
  continued<T>(traceparent: string | null, annotations: Annotations, work: () => Promise<T>): Promise<T>;
}

type Segment = InstanceType<typeof xray.Segment>;
type AnySegment = Segment | InstanceType<typeof xray.Subsegment>;

/** Tracing is beside the work: whatever goes wrong with it stays here. */
function safely<T>(trace: () => T): T | undefined {
  try {
    return trace();
  } catch {
    return undefined;
  }
}

/** What stands for the segment that Lambda itself sends: it has its id, takes subsegments, and is never sent. */
function segmentOfInvocation(): Segment | undefined {
  const context = readTraceHeader(process.env._X_AMZN_TRACE_ID);
  if (context === undefined) return undefined;
  const segment = new xray.Segment('invocation', xrayTraceId(context.traceId));
  // The count of one more than it has keeps it open.
  return Object.assign(segment, { id: context.spanId, notTraced: !context.isSampled, counter: 1 });
}

function currentSegment(): AnySegment | undefined {
  return safely(() => xray.getSegment());
}

function annotate(segment: AnySegment, annotations: Annotations): void {
  const { jobId, attempt, tenantId } = currentJob() ?? {};
  const job = { jobId, attempt: attempt ?? undefined, tenantId };
  for (const [name, value] of Object.entries({ ...job, ...annotations })) {
    if (value !== undefined) segment.addAnnotation(name, value);
  }
}

/** Runs work with the segment as the current one, and closes it. */
function within<T>(segment: AnySegment, annotations: Annotations, work: () => Promise<T>): Promise<T> {
  return xray.getNamespace().runAndReturn(async () => {
    xray.setSegment(segment);
    try {
      return await work();
    } catch (error) {
      // The name alone: a message may quote what a client sent.
      safely(() => segment.addFaultFlag());
      safely(() => segment.addAnnotation('errorType', error instanceof Error ? error.name : typeof error));
      throw error;
    } finally {
      safely(() => annotate(segment, annotations));
      safely(() => segment.close());
    }
  });
}

function traceparentOfCurrent(): string | null {
  const segment = currentSegment();
  if (segment === undefined) return null;
  const root = 'segment' in segment && segment.segment !== undefined ? segment.segment : segment;
  if (!('trace_id' in root)) return null;
  const traceId = root.trace_id.slice(2).replace('-', '');
  return toTraceparent({ traceId, spanId: segment.id, isSampled: segment.notTraced !== true });
}

/** Tracing that is off. */
export const UNTRACED: Omit<LambdaTracing, 'middleware'> = {
  handler: (handle) => handle,
  capture: (client) => client,
  current: () => null,
  note: () => undefined,
  span: (_name, _annotations, work) => work(),
  continued: (_traceparent, _annotations, work) => work(),
};

/** Does nothing outside of Lambda, where there is no daemon to send to. */
export function createLambdaTracing(service: string): LambdaTracing {
  const tracer = new Tracer({ serviceName: service, captureHTTPsRequests: false });
  const middleware = captureLambdaHandler(tracer, { captureResponse: false });
  if (!tracer.isTracingEnabled()) return { ...UNTRACED, middleware };
  // Each subsegment is sent when it is over: an environment may be frozen for good after the answer.
  xray.setStreamingThreshold(0);

  function span<T>(name: string, annotations: Annotations, work: () => Promise<T>): Promise<T> {
    const subsegment = safely(() => currentSegment()?.addNewSubsegment(name));
    return subsegment === undefined ? work() : within(subsegment, annotations, work);
  }

  function continued<T>(traceparent: string | null, annotations: Annotations, work: () => Promise<T>): Promise<T> {
    const origin = readTraceparent(traceparent);
    if (origin === undefined || readTraceparent(traceparentOfCurrent())?.traceId === origin.traceId) return work();
    const segment = safely(() => new xray.Segment(service, xrayTraceId(origin.traceId), origin.spanId));
    if (segment === undefined) return work();
    return within(Object.assign(segment, { notTraced: !origin.isSampled }), annotations, work);
  }

  return {
    middleware,
    capture: (client) => tracer.captureAWSv3Client(client),
    current: traceparentOfCurrent,
    note: (annotations) => {
      const segment = currentSegment();
      if (segment !== undefined) safely(() => annotate(segment, annotations));
    },
    span,
    continued,
    handler(handle) {
      function traced(...args: never[]): unknown {
        const segment = safely(segmentOfInvocation);
        if (segment === undefined) return handle(...args);
        return xray.getNamespace().runAndReturn(() => {
          xray.setSegment(segment);
          return handle(...args);
        });
      }
      // A handler that streams is marked as such by a property.
      return Object.assign(traced, handle) as unknown as typeof handle;
    },
  };
}
