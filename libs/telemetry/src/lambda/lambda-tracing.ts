import { AsyncLocalStorage } from 'node:async_hooks';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { MiddlewareObj } from '@middy/core';
import { currentJob } from '../log/job-scope.ts';
import { readTraceHeader, readTraceparent, type TraceContext, toTraceparent } from '../traceparent.ts';
import { type Annotations, blameOf, type OpenSegment, openSegment } from './segment.ts';
import { segmentProvider } from './segment-provider.ts';
import { toDaemon } from './xray-daemon.ts';

export type { Annotations } from './segment.ts';

/** Tracing of a Lambda by Powertools and X-Ray. */
export interface LambdaTracing {
  /**
   * Tells what a route threw by its name: the handler answers it, and returns as if nothing had happened. An answer that
   * blames the client, 4xx, is no fault of the service.
   */
  readonly middleware: MiddlewareObj;
  /** The handler with a subsegment for each invocation, also when several overlap. Answers are never kept: they hold what clients own. */
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

/** Tracing that is off. */
export const UNTRACED: LambdaTracing = {
  middleware: { onError: () => undefined },
  handler: (handle) => handle,
  capture: (client) => client,
  current: () => null,
  note: () => undefined,
  span: (_name, _annotations, work) => work(),
  continued: (_traceparent, _annotations, work) => work(),
};

const open = new AsyncLocalStorage<OpenSegment>();

function annotate(segment: OpenSegment, annotations: Annotations): void {
  const { jobId, attempt, tenantId } = currentJob() ?? {};
  const job = Object.entries({ jobId, attempt: attempt ?? undefined, tenantId });
  const known = job.filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  segment.annotate({ ...Object.fromEntries(known), ...annotations });
}

/** The HTTP status that an answer or an error has, in the way of Lambda's proxies and of middy. */
function statusOf(answered: unknown): number | undefined {
  const status: unknown =
    typeof answered === 'object' && answered !== null ? Reflect.get(answered, 'statusCode') : undefined;
  return typeof status === 'number' ? status : undefined;
}

/**
 * The name alone: a message may quote what a client sent.
 * @param status with which the error is answered; without one, nobody but the service is to blame
 */
function tellError(segment: OpenSegment, error: unknown, status = statusOf(error) ?? 500): void {
  segment.tell(blameOf(status));
  segment.annotate({ errorType: error instanceof Error ? error.name : typeof error });
}

/** Runs work with the segment as the current one, and closes it. */
function within<T>(segment: OpenSegment, annotations: Annotations, work: () => Promise<T>): Promise<T> {
  return open.run(segment, async () => {
    try {
      return await work();
    } catch (error) {
      tellError(segment, error);
      throw error;
    } finally {
      annotate(segment, annotations);
      segment.close();
    }
  });
}

function traceparentOfCurrent(): string | null {
  const segment = open.getStore();
  return segment === undefined ? null : toTraceparent(segment.place);
}

/**
 * Sends to the daemon that `AWS_XRAY_DAEMON_ADDRESS` names, and does nothing where there is none, as outside of Lambda, or where
 * `POWERTOOLS_TRACE_ENABLED` says so. The segment of an invocation is Lambda's own.
 */
export function createLambdaTracing(service: string): LambdaTracing {
  const { AWS_XRAY_DAEMON_ADDRESS: address, _HANDLER: handlerName } = process.env;
  const tracer = new Tracer({ serviceName: service, captureHTTPsRequests: false });
  if (address === undefined || !tracer.isTracingEnabled()) return UNTRACED;
  const send = toDaemon(address);

  const subsegment = (name: string, parent: TraceContext) => openSegment(name, 'subsegment', { parent, send });

  function subsegmentOfCurrent(name: string): OpenSegment | undefined {
    const parent = open.getStore()?.place;
    return parent && subsegment(name, parent);
  }

  tracer.provider = segmentProvider({ current: () => open.getStore(), open: subsegmentOfCurrent });

  return {
    middleware: {
      onError({ error, response }) {
        const segment = open.getStore();
        if (segment !== undefined) tellError(segment, error, statusOf(response));
      },
    },
    capture: (client) => tracer.captureAWSv3Client(client),
    current: traceparentOfCurrent,
    note(annotations) {
      const segment = open.getStore();
      if (segment !== undefined) annotate(segment, annotations);
    },
    span(name, annotations, work) {
      const part = subsegmentOfCurrent(name);
      return part === undefined ? work() : within(part, annotations, work);
    },
    continued(traceparent, annotations, work) {
      const parent = readTraceparent(traceparent);
      if (parent === undefined || open.getStore()?.place.traceId === parent.traceId) return work();
      return within(openSegment(service, 'segment', { parent, send }), annotations, work);
    },
    handler(handle) {
      function traced(...args: never[]): unknown {
        const parent = readTraceHeader(process.env._X_AMZN_TRACE_ID);
        if (parent === undefined) return handle(...args);
        return within(subsegment(`## ${handlerName}`, parent), {}, async () => {
          tracer.addServiceNameAnnotation();
          tracer.annotateColdStart();
          return handle(...args);
        });
      }
      // A handler that streams is marked as such by a property.
      return Object.assign(traced, handle) as unknown as typeof handle;
    },
  };
}
