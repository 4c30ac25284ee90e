// node fauxqs-process.ts FOLDER: SQS, SNS and S3 with their state in FOLDER.
import { Server } from 'node:http';
import { join } from 'node:path';
import { startFauxqs } from 'fauxqs';
import { hostEmulator } from './emulator-host.ts';
import { confineToLoopback } from './loopback.ts';
import { keepReceiveCounts } from './receive-count.ts';
import { returnUndeliveredMessages } from './undelivered-messages.ts';

await hostEmulator(async () => {
  const [, , folder] = process.argv;
  if (folder === undefined) throw new Error('the folder is missing');
  keepReceiveCounts();
  confineToLoopback((server) => {
    if (server instanceof Server) returnUndeliveredMessages(server);
  });
  const server = await startFauxqs({
    port: 0,
    logger: false,
    dataDir: join(folder, 'messages'),
    s3StorageDir: join(folder, 'objects'),
  });
  return { port: server.port, close: () => server.stop() };
});
