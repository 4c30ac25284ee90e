// What Lambda's global `awslambda` offers to handlers that stream their response; in the thread of an environment.
import { Writable } from 'node:stream';

export interface ResponseStreamSink {
  prelude(json: string): void;
  /** @param taken called when there is room for more */
  chunk(bytes: Uint8Array, taken: () => void): void;
}

/** The response of one invocation, sent on piece by piece. */
export class ResponseStream extends Writable {
  readonly #sink: ResponseStreamSink;

  constructor(sink: ResponseStreamSink) {
    super();
    this.#sink = sink;
  }

  setPrelude(metadata: unknown): void {
    this.#sink.prelude(JSON.stringify(metadata));
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (chunk.byteLength === 0) return done();
    this.#sink.chunk(chunk, done);
  }
}

/** As Lambda's runtime marks a handler that takes a response stream. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/** Whether the handler takes a response stream. */
export function isStreamified(handler: object): boolean {
  return STREAMING in handler;
}

/** Puts `awslambda` where bundles look for it while they are loaded. */
export function installAwslambda(): void {
  const awslambda = {
    streamifyResponse<Handler extends object>(handler: Handler): Handler {
      return Object.assign(handler, { [STREAMING]: 'response' });
    },
    HttpResponseStream: {
      from(stream: Writable, metadata: unknown): Writable {
        if (!(stream instanceof ResponseStream)) throw new TypeError('this is not the response stream');
        stream.setPrelude(metadata);
        return stream;
      },
    },
  };
  Object.assign(globalThis, { awslambda });
}
