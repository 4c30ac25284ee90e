import { Readable } from 'node:stream';
import { FunctionError } from './function-error.ts';
import type { InvocationMessage } from './protocol.ts';

/** The response of a function that streams. */
export interface FunctionStream {
  /** Status and headers. */
  readonly prelude: unknown;
  /** Destroying it aborts the response: the handler finds its stream closed. */
  readonly body: Readable;
}

/** The stack's end of one invocation. */
export interface Receiver {
  receive(message: InvocationMessage): void;
  reject(error: FunctionError): void;
}

export interface StreamSignals {
  /** There is room for another chunk. */
  taken(): void;
  abort(): void;
}

/** Receives a streamed response; chunks are asked for one at a time, as they are read. */
export function receiveStream({ taken, abort }: StreamSignals): Receiver & {
  readonly head: Promise<FunctionStream>;
  readonly closed: Promise<void>;
} {
  const { promise: head, resolve, reject: rejectHead } = Promise.withResolvers<FunctionStream>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  let isOwed = false;
  let isOver = false;
  let isHeadThere = false;
  const body = new Readable({
    read() {
      if (!isOwed) return;
      isOwed = false;
      taken();
    },
    destroy(error, done) {
      if (!isOver) abort();
      close();
      done(error);
    },
  });

  // Who reads it learns of its error; when nobody does any more, nobody has to.
  body.on('error', () => undefined);

  function reject(error: FunctionError): void {
    isOver = true;
    rejectHead(error);
    body.destroy(error);
  }

  return {
    head,
    closed,
    reject,
    receive(message) {
      switch (message.type) {
        case 'prelude':
          isHeadThere = true;
          return resolve({ prelude: JSON.parse(message.payload), body });
        case 'chunk':
          if (body.push(message.bytes)) taken();
          else isOwed = true;
          return;
        case 'result':
          if (!isHeadThere) return reject(new FunctionError('unhandled', 'the response has no status'));
          isOver = true;
          body.push(null);
          return;
        case 'error':
          return reject(new FunctionError('unhandled', message.error.errorMessage));
      }
    },
  };
}
