import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { expect, it, onTestFinished } from 'vitest';
import { SERVER_OPTIONS } from './server-options.ts';

it('a connection is kept for longer than the 60 s that a load balancer does', async () => {
  const server = serve({
    fetch: () => new Response('ok'),
    hostname: '127.0.0.1',
    port: 0,
    serverOptions: SERVER_OPTIONS,
  });
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  if (!server.listening) await once(server, 'listening');

  const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  const [, seconds] = /^timeout=(\d+)$/.exec(headers.get('keep-alive') ?? '') ?? [];
  expect(Number(seconds)).toBeGreaterThan(60);
  expect(SERVER_OPTIONS.headersTimeout).toBeGreaterThan(SERVER_OPTIONS.keepAliveTimeout);
});
