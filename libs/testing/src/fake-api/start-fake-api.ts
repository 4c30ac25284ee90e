import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FakeReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | Uint8Array;
  /** After the body the connection breaks, or stays open for ever, in place of the end of the answer. */
  readonly afterwards?: 'cut' | 'hold';
}

/** What to answer; `drop` cuts the connection, `hold` never answers. */
export type Answer = FakeReply | 'drop' | 'hold';

export interface FakeApi extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Answers of a route in their order; the last one is given from then on. */
  on(route: string, ...answers: readonly [Answer, ...Answer[]]): void;
  requestsTo(route: string): readonly RecordedRequest[];
}

/** An HTTP server on loopback that answers what a test says and records what it was asked. */
export async function startFakeApi(): Promise<FakeApi> {
  const requests: RecordedRequest[] = [];
  const routes = new Map<string, Answer[]>();
  const routeOf = ({ method, path }: RecordedRequest) => `${method} ${path}`;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: await text(incoming) };
    requests.push(request);
    const answers = routes.get(routeOf(request)) ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === 'hold') return;
    if (answer === undefined || answer === 'drop') {
      incoming.socket.destroy();
      return;
    }
    const body = answer.body instanceof Uint8Array ? answer.body : JSON.stringify(answer.body ?? {});
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    if (answer.afterwards === undefined) return void response.end(answer.status === 304 ? undefined : body);
    response.write(body);
    // A piece that the client has not read yet would be lost with the connection.
    if (answer.afterwards === 'cut') response.write('', () => setImmediate(() => incoming.socket.destroy()));
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address object.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    on: (route, ...answers) => void routes.set(route, [...answers]),
    requestsTo: (route) => requests.filter((request) => routeOf(request) === route),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
