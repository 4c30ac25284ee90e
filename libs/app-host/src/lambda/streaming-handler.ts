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
  /**
   * Makes the pieces. What they throw cuts the answer off.
   * @param gone aborts when nobody reads any more: whoever waits for something is to end then
   */
  readonly chunks: (gone: AbortSignal) => AsyncIterable<string>;
}

/** A route that may answer with a stream. */
export type StreamRoute = Route<ApiResponse | ApiStream>;

/**
 * The pieces as a stream, each of which is asked for when there is room for it. `Readable.from` would not do: it tells of
 * its end only once the next piece is there.
 */
function toReadable(chunks: ApiStream['chunks']): Readable {
  const gone = new AbortController();
  const pieces = chunks(gone.signal)[Symbol.asyncIterator]();

  async function readOne(stream: Readable): Promise<void> {
    try {
      const { done, value } = await pieces.next();
      stream.push(done === true ? null : value);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async function end(error: Error | null, done: (error: Error | null) => void): Promise<void> {
    gone.abort();
    try {
      await pieces.return?.();
    } finally {
      done(error);
    }
  }

  return new Readable({
    highWaterMark: 1,
    read() {
      void readOne(this);
    },
    destroy(error, done) {
      void end(error, done);
    },
  });
}

/** Tells of a failure that comes after the head of the answer, for which there can be no problem any more. */
async function* told(
  chunks: AsyncIterable<string>,
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

interface Served {
  readonly requestId: string;
  readonly rateHeaders: Readonly<Record<string, string>>;
}

function toStreamedResult(
  { status, headers, chunks }: ApiStream,
  { requestId, rateHeaders }: Served,
  telemetry: Telemetry,
) {
  return {
    statusCode: status,
    headers: { 'cache-control': 'no-store', 'x-request-id': requestId, ...rateHeaders, ...headers },
    body: toReadable((gone) => told(chunks(gone), requestId, telemetry)),
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
  return tracing.handler(
    middy<unknown, unknown>({ executionMode: executionModeStreamifyResponse })
      .use(tracing.middleware)
      .use({ after: () => metrics.flush(), onError: () => metrics.flush() })
      .use(answerProblems(telemetry, gate))
      .handler(async (event, context) => {
        const { response, requestId, rateHeaders } = await serve(event, context);
        return 'chunks' in response
          ? toStreamedResult(response, { requestId, rateHeaders }, telemetry)
          : toResult(response, requestId, rateHeaders);
      }),
  );
}
