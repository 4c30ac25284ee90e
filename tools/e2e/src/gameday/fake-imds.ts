import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Longer than what a worker keeps for its way out, so that a running job has a second to end. */
const NOTICE_MS = 16_000;

/** The metadata service of a Spot machine; while the storm lasts, every machine is about to be taken back. */
export async function startFakeImds() {
  let isStorm = false;
  const server = createServer((request, response) => {
    if (request.method === 'PUT') return void response.end('token');
    if (!isStorm || request.url !== '/latest/meta-data/spot/instance-action') return void response.writeHead(404).end();
    response.end(JSON.stringify({ action: 'terminate', time: new Date(Date.now() + NOTICE_MS).toISOString() }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    storm: (next: boolean) => void (isStorm = next),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
