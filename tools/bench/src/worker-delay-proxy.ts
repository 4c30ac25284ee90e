import { Agent, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Adds a delay to each call of AWS, as the way to a real one does, and counts them by operation. */
export async function startDelayProxy(endpoint: string, delayMs: number) {
  const calls = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });
  const { hostname, port: endpointPort } = new URL(endpoint);
  const server = createServer((request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '').split('.')[1];
    const isForm = String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded');
    const operation = target ?? (isForm ? 'Publish' : `${request.method} object`);
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    const pass = () => {
      const { method, url: path, headers } = request;
      const onward = httpRequest({ agent, hostname, port: endpointPort, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      // A worker that ends gives its long polls up.
      response.once('close', () => onward.destroy());
      onward.once('error', () => response.destroy());
      request.pipe(onward);
    };
    if (delayMs === 0) pass();
    else void sleep(delayMs).then(pass);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async stop(): Promise<void> {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}
