import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { buildApp } from 'fauxqs';
import { returnUnread } from './return-unread.ts';

/** A server in this process, on a free port of the loopback interface. */
export interface Emulator {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

interface DynaliteOptions {
  /** Time that a table stays in the state CREATING. */
  readonly createTableMs: number;
}

/** A CommonJS package without types; required, so that the projects which import this file need no declaration of it. */
const dynalite: (options: DynaliteOptions) => Server = createRequire(import.meta.url)('dynalite');

/** DynamoDB in memory. */
export async function startDynamo(): Promise<Emulator> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://${HOST}:${port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Clients keep their connections alive; close alone would wait for them.
      server.closeAllConnections();
      await closed;
    },
  };
}

/** SQS, SNS and S3 in memory, behind one endpoint. */
export async function startMessagingAndStorage(): Promise<Emulator> {
  const app = buildApp({ logger: false });
  returnUnread(app);
  const endpoint = await app.listen({ host: HOST, port: 0 });
  return {
    endpoint,
    async stop() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
