import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import type { Emulators } from './emulators.ts';
import { LOOPBACK } from './loopback.ts';
import { returnUndeliveredMessages } from './undelivered-messages.ts';

function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `http://${address}:${port}`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** The emulators in this process, with nothing on disk: for tests and benchmarks. */
export async function startMemoryEmulators(): Promise<Emulators> {
  const table = dynalite({ createTableMs: 0 });
  const messaging = buildApp({ logger: false });
  returnUndeliveredMessages(messaging.server);
  table.listen(0, LOOPBACK);
  await Promise.all([once(table, 'listening'), messaging.listen({ port: 0, host: LOOPBACK })]);
  return {
    dynamodb: urlOf(table),
    messaging: urlOf(messaging.server),
    pids: [],
    failed: new Promise(() => {}),
    stop: async () => {
      await Promise.all([close(table), messaging.close()]);
    },
  };
}
