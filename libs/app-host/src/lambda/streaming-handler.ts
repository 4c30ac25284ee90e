import { Readable } from 'node:stream';
import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import type { Telemetry } from '@afterimage/telemetry';
import {
  answerProblems,
  type ApiResponse,
  type HttpHandlerOptions,
  makeServe,
  type Route,
  toResult,
} from './http-handler.ts';
import { METRICS } from './metrics.ts';
import { makeRateGate } from './rate-gate.ts';

/** An answer that is sent piece by piece, as the pieces come. */
export interface ApiStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Returned early, so that it can clean up, when the client has gone. What it throws cuts the answer off. */
  readonly chunks: AsyncIterable<string>;
}

/** A route that may answer with a stream. */
export type StreamRoute = Route<ApiResponse | ApiStream>;

/** Tells of a failure that comes after the head of the answer, for which there can be no problem any more. */
async function* told(
  { chunks }: ApiStream,
  requestId: string,
  { log, metrics }: Telemetry,
): AsyncGenerator<string, void> {
  try {
    yield* chunks;
  } catch (error) {
    log.error('stream failed', { requestId, error });
    metrics.count(METRICS.streamFailed);
    throw error;
  } finally {
    metrics.flush();
  }
}

function toStreamedResult(
  stream: ApiStream,
  { requestId, rateHeaders }: { readonly requestId: string; readonly rateHeaders: ApiStream['headers'] },
  telemetry: Telemetry,
) {
  const { status, headers } = stream;
  return {
    statusCode: status,
    headers: { 'cache-control': 'no-store', 'x-request-id': requestId, ...rateHeaders, ...headers },
    // One chunk at a time: what a slow client has not read yet must not pile up.
    body: Readable.from(told(stream, requestId, telemetry), { highWaterMark: 1 }),
  };
}

/**
 * The handler of a Lambda behind API Gateway with the response transfer mode `STREAM`: as `httpHandler`, and its routes may
 * answer with streams. To be made where Lambda's global `awslambda` is.
 */
export function streamingHandler(options: HttpHandlerOptions<ApiResponse | ApiStream>) {
  const { telemetry, tracing } = options;
  const { metrics } = telemetry;
  const gate = makeRateGate(options.rates, telemetry);
  const serve = makeServe(options, gate);
  return middy<unknown, unknown>({ executionMode: executionModeStreamifyResponse })
    .use(tracing.middleware)
    .use({ after: () => metrics.flush(), onError: () => metrics.flush() })
    .use(answerProblems(telemetry, gate))
    .handler(async (event, context) => {
      const { response, requestId, rateHeaders } = await serve(event, context);
      return 'chunks' in response
        ? toStreamedResult(response, { requestId, rateHeaders }, telemetry)
        : toResult(response, requestId, rateHeaders);
    });
}
