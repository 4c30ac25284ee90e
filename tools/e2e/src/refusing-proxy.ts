import { createServer, type IncomingMessage, request as forward, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** What a request gets in place of the service's answer. */
export interface Refusal {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const FORWARD_MS = 30_000;

/** A proxy to the service at `target`, on a free port of loopback; what `refuse` has an answer for does not get there. */
export async function startRefusingProxy(
  target: string,
  refuse: (request: IncomingMessage) => Refusal | undefined,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  function pass(incoming: IncomingMessage, answer: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = incoming;
    const outgoing = forward(new URL(url, target), { method, headers, timeout: FORWARD_MS }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      pipeline(reply, answer, () => undefined);
    });
    answer.once('close', () => outgoing.destroy());
    pipeline(incoming, outgoing, () => undefined);
    outgoing.once('error', () => answer.destroy());
  }

  const server = createServer((incoming, answer) => {
    const refusal = refuse(incoming);
    if (refusal === undefined) return pass(incoming, answer);
    incoming.resume();
    answer.writeHead(refusal.status, { 'content-type': refusal.contentType }).end(refusal.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
