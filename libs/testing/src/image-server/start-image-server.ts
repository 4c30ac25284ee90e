import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from './make-certificate.ts';

/** Serves one image over https from loopback, and yields the environment in which a worker may take it. */
export async function startImageServer(image: Uint8Array) {
  const certificate = makeCertificate(Date.now());
  const server = createServer(certificate, (_request, response) => {
    response.writeHead(200, { 'content-type': 'image/png' }).end(image);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), 'afterimage-images-'));
  const file = join(folder, 'certificate.pem');
  await writeFile(file, certificate.cert);
  return {
    url: `https://127.0.0.1:${port}/image.png`,
    env: { NODE_EXTRA_CA_CERTS: file, ALLOW_LOOPBACK_INPUTS: 'true' },
    async stop(): Promise<void> {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await rm(folder, { recursive: true });
    },
  };
}
