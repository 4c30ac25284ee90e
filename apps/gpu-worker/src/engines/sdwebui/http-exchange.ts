import { type Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface ExchangeOptions {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Left out, the connection is a new one and ends with the answer. */
  readonly agent?: Agent;
  /** Longer answers are refused. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** One request. Nothing is tried twice, and nothing but the connection has a time limit: that is what the signal is for. */
export interface Exchange {
  /** @throws ResponseTooLargeError; the error of the socket when there is no whole answer */
  readonly answered: Promise<HttpAnswer>;
  /** The answer is waited for but not kept. */
  abandon(): void;
}

export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError';

  constructor(maxBytes: number) {
    super(`the answer is longer than ${maxBytes} bytes`);
  }
}

const CONNECT_MS = 2000;
/** A peer that vanished without a word is noticed though no byte is due for minutes. */
const TCP_KEEP_ALIVE_MS = 30_000;

export function startExchange(options: ExchangeOptions): Exchange {
  const { method, url, headers, body, agent, maxBytes, signal } = options;
  let isKept = true;

  function collect(response: IncomingMessage, resolve: (answer: HttpAnswer) => void): void {
    const length = Number(response.headers['content-length'] ?? Number.NaN);
    if (length > maxBytes) response.destroy(new ResponseTooLargeError(maxBytes));
    // Of a known length: one piece of memory, instead of the chunks and then all of them together.
    const whole = length <= maxBytes ? Buffer.allocUnsafeSlow(length) : undefined;
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      if (isKept) {
        if (whole === undefined) chunks.push(chunk);
        else chunk.copy(whole, bytes);
      }
      bytes += chunk.length;
      if (bytes > maxBytes) response.destroy(new ResponseTooLargeError(maxBytes));
    });
    response.on('end', () => {
      const body = isKept ? (whole ?? Buffer.concat(chunks)) : Buffer.alloc(0);
      resolve({ status: response.statusCode ?? 0, body });
    });
  }

  const answered = new Promise<HttpAnswer>((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    // `agent: false` is a connection of its own: a kept one may be closed by the server just when it is used again.
    const request = send(url, { method, headers, agent: agent ?? false, signal });
    request.on('socket', (socket) => {
      if (!socket.connecting) return;
      socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
      socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error(`no connection within ${CONNECT_MS} ms`)));
      socket.once('connect', () => socket.setTimeout(0));
    });
    request.on('error', reject);
    request.on('response', (response) => {
      response.on('error', reject);
      collect(response, resolve);
    });
    request.end(body);
  });
  answered.catch(() => undefined);
  return {
    answered,
    abandon() {
      isKept = false;
    },
  };
}
