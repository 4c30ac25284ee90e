import { once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** Status and headers of a streamed answer, which come before its body. */
export interface Prelude {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface StreamedAnswer {
  readonly prelude: Promise<Prelude>;
  readonly body: PassThrough;
  /** The whole body. */
  text(): Promise<string>;
  /** The client goes away. */
  cut(): void;
  /** Settles with the invocation. */
  readonly over: Promise<unknown>;
}

/** Stands in for Lambda's global `awslambda`, without its wire format. */
export const fakeAwslambda = {
  streamifyResponse: <Handler>(handler: Handler): Handler => handler,
  HttpResponseStream: {
    from(stream: Writable, prelude: Prelude): Writable {
      stream.emit('prelude', prelude);
      return stream;
    },
  },
} as const;

/** Invokes what `fakeAwslambda.streamifyResponse` was given. */
export function invokeStreaming(handler: unknown, event: unknown, context: unknown): StreamedAnswer {
  if (typeof handler !== 'function') throw new TypeError('the handler is not a function');
  const body = new PassThrough();
  const prelude = once(body, 'prelude').then(([head]: Prelude[]) => {
    if (head === undefined) throw new Error('the answer has no head');
    return head;
  });
  const over: Promise<unknown> = handler(event, body, context);
  // Whoever is interested waits for it.
  over.catch(() => undefined);
  return { prelude, body, text: () => text(body), cut: () => void body.destroy(), over };
}
