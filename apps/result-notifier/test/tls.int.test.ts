import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDeliver } from '../src/webhook/deliver.ts';

/** A receiver with a certificate that nobody has signed but itself. */
async function startUntrusted(): Promise<{ readonly port: number; readonly requests: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-tls-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=hooks.example.com', '-addext', 'subjectAltName=DNS:hooks.example.com'];
  const files = ['-keyout', keyFile, '-out', certFile];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...subject], { stdio: 'ignore' });
  const requests: string[] = [];
  const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, (request, response) => {
    requests.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });
  const { port } = server.address() as AddressInfo;
  return { port, requests };
}

test('a receiver whose certificate cannot be trusted gets nothing', async () => {
  const { port, requests } = await startUntrusted();
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const deliver = makeDeliver({ timeoutMs: 5000, allowLoopback: true, resolve });

  const result = await deliver({ url: `https://hooks.example.com:${port}/`, headers: {}, body: 'secret' });

  expect(result).toEqual({ kind: 'unreachable', error: 'the connection failed: DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(requests).toEqual([]);
});
