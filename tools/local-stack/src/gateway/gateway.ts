import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { LOOPBACK } from '../emulators/loopback.ts';
import { answer, type GatewayApi } from './answer.ts';
import { type GatewayRequest, readRequest } from './gateway-request.ts';
import { problemReply, type Reply } from './problem-reply.ts';

export interface Gateway {
  readonly port: number;
  readonly url: string;
  /** From now on requests are answered; until then they get 503. */
  serve(api: GatewayApi): void;
  /** Takes no more requests; those under way have `graceMs` to end. Can be called again. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Longer than any client keeps an idle connection: with Node's 5 s, a request that is sent while the server closes the connection is reset, and its client
 * cannot know whether it was taken. Load balancers and API Gateway keep them for a minute and more as well.
 */
const KEEP_ALIVE_MS = 75_000;
/** Node counts it from the end of the request before: it must not be the shorter one. */
const HEADERS_MS = KEEP_ALIVE_MS + 5000;

/** The port is in use by another program. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly code = 'port-taken';
}

function write(response: ServerResponse, reply: Reply, extra: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries({ ...reply.headers, ...extra })) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  const hasBody = reply.status !== 204 && reply.status !== 304 && reply.status >= 200;
  if (reply.body instanceof Readable) return stream(response, reply.status, hasBody ? reply.body : reply.body.resume());
  if (hasBody) response.setHeader('content-length', reply.body.length);
  response.writeHead(reply.status);
  response.end(hasBody ? reply.body : undefined);
}

/** Each piece goes out as it comes. A client that goes away ends the stream, and a stream that fails cuts off the client. */
function stream(response: ServerResponse, status: number, body: Readable): void {
  if (response.destroyed) return void body.destroy();
  response.writeHead(status);
  response.flushHeaders();
  pipeline(body, response, () => undefined);
}

/**
 * Opens the port of the API: a REST API with Lambda proxy integrations, as API Gateway shows it.
 * @param portVariable name of the setting to change, for the message of a taken port
 * @throws PortTakenError
 */
export async function openGateway(port: number, portVariable: string): Promise<Gateway> {
  let api: GatewayApi | undefined;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS });

  async function answerTraced(served: GatewayApi, request: GatewayRequest, message: IncomingMessage): Promise<Reply> {
    const traced = served.trace?.(request);
    const reply = await answer(served, traced?.request ?? request, message);
    traced?.end(reply.status);
    return reply;
  }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = readRequest(message);
    const reply =
      api === undefined
        ? problemReply(request, 'unavailable', 'the local stack is starting', { headers: { 'retry-after': '1' } })
        : await answerTraced(api, request, message);
    write(response, reply, { 'x-amzn-requestid': request.requestId, 'x-amzn-trace-id': request.traceHeader });
  }

  server.on('request', (message, response) => {
    // Reading a request fails only when its connection is gone, and with it whoever could be told.
    handle(message, response).catch(() => response.destroy());
  });
  server.on('clientError', (_error, socket) => {
    if (!socket.writable) return socket.destroy();
    const reply = problemReply({ path: '/', requestId: randomUUID() }, 'malformed-request', 'this is not proper HTTP');
    const head = `HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncontent-length: ${reply.body.length}`;
    socket.end(`${head}\r\nconnection: close\r\n\r\n${reply.body.toString()}`);
  });

  server.listen(port, LOOPBACK);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const advice = `set ${portVariable} to a free one, for example ${portVariable}=${port + 10}`;
    throw new PortTakenError(`port ${port} is taken by another program: ${advice}`, { cause: error });
  }
  const { port: openPort } = server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;

  async function stop(graceMs: number): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    const force = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(force);
  }

  return {
    port: openPort,
    url: `http://${LOOPBACK}:${openPort}`,
    serve: (next) => {
      api = next;
    },
    stop: (graceMs) => (stopped ??= stop(graceMs)),
  };
}
