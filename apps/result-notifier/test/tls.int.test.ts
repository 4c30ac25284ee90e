import { startImageServer } from '@afterimage/testing/image-server';
import { expect, onTestFinished, test } from 'vitest';
import { makeDeliver } from '../src/webhook/deliver.ts';

test('a receiver with a certificate that nobody vouches for gets nothing', async () => {
  const server = await startImageServer(new Uint8Array());
  onTestFinished(() => server.stop());
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const deliver = makeDeliver({ timeoutMs: 5000, allowLoopback: true, resolve });

  const result = await deliver({ url: server.url, headers: {}, body: '{}' });

  expect(result).toEqual({ kind: 'unreachable', error: 'the connection failed: DEPTH_ZERO_SELF_SIGNED_CERT' });
});
