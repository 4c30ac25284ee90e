import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of the answer. */
  readonly status: number;
}

/** Takes webhooks on loopback; answers each with the next status of `answers`, then with 204. */
export async function startReceiver(answers: number[] = []) {
  const received: ReceivedWebhook[] = [];
  let location: string | undefined;
  let fallback = 204;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = location === undefined ? (answers.shift() ?? fallback) : 307;
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8'), status });
      response.writeHead(status, location === undefined ? {} : { location }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    /** From now on every request is sent elsewhere. */
    redirectTo(url: string): void {
      location = url;
    },
    /** The answer to every request for which none is left of `answers`. */
    answerAlways(status: number): void {
      fallback = status;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
