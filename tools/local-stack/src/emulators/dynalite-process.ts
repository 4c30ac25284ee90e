// node dynalite-process.ts FOLDER: DynamoDB with its state in FOLDER.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import dynalite from 'dynalite';
import { hostEmulator } from './emulator-host.ts';
import { LOOPBACK } from './loopback.ts';

const PROBE_TIMEOUT_MS = 10_000;

/** dynalite opens its store behind the first call, and a store that cannot be opened ends the process. */
async function openStore(port: number): Promise<void> {
  const { promise: crashed, reject } = Promise.withResolvers<never>();
  const onCrash = (cause: unknown) => {
    reject(new Error('the store cannot be opened; is another local stack running on the same folder?', { cause }));
  };
  process.once('uncaughtException', onCrash);
  const opened = fetch(`http://${LOOPBACK}:${port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: '{}',
    signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
  });
  await Promise.race([opened, crashed]);
  process.off('uncaughtException', onCrash);
}

await hostEmulator(async () => {
  const [, , path] = process.argv;
  if (path === undefined) throw new Error('the folder is missing');
  const server = dynalite({ path, createTableMs: 0 });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await openStore(port);
  const close = promisify(server.close.bind(server));
  return {
    port,
    close: () => {
      const closed = close();
      server.closeAllConnections();
      return closed;
    },
  };
});
