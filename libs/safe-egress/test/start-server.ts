import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface Server {
  readonly port: number;
  readonly url: string;
  readonly requests: IncomingMessage[];
  /** How the path is answered from now on; 404 until it is set. */
  on(path: string, answer: Answer): void;
  stop(): Promise<void>;
}

/** An HTTP server on loopback that counts what it is asked. */
export async function startServer(host = '127.0.0.1', port = 0): Promise<Server> {
  const requests: IncomingMessage[] = [];
  const answers = new Map<string, Answer>();
  const server = createServer((request, response) => {
    requests.push(request);
    const answer = answers.get(request.url ?? '');
    if (answer === undefined) response.writeHead(404).end();
    else answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    url: `http://${host}:${address.port}`,
    requests,
    on: (path, answer) => void answers.set(path, answer),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
