import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import type { MiddlewareObj } from '@middy/core';

/** Tracing of a Lambda. The X-Ray SDK stays behind it, so that another one can take its place in this file. */
export interface LambdaTracing {
  /** Opens a segment for each invocation. Responses are never captured: they hold what clients own. */
  readonly middleware: MiddlewareObj;
  /** The client with a subsegment for each call. */
  capture<T>(client: T): T;
}

/** Does nothing outside of Lambda, where there is no daemon to send to. */
export function createLambdaTracing(service: string): LambdaTracing {
  const tracer = new Tracer({ serviceName: service, captureHTTPsRequests: false });
  return {
    middleware: captureLambdaHandler(tracer, { captureResponse: false }),
    capture: (client) => tracer.captureAWSv3Client(client),
  };
}
