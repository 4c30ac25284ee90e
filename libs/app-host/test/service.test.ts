import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type HealthServer, startHealthServer } from '../src/service/health-server.ts';
import { onStopSignals } from '../src/service/stop-signals.ts';

describe('startHealthServer', () => {
  let server: HealthServer | undefined;
  afterEach(() => server?.close());

  it('answers each check by its path', async () => {
    const checks = {
      '/live': () => ({ ok: true }),
      '/ready': () => ({ ok: false, detail: { state: 'draining' } }),
    };
    server = await startHealthServer({ host: '127.0.0.1', port: 0 }, checks);
    const get = (path: string) => fetch(`http://127.0.0.1:${server?.port}${path}`);

    expect((await get('/live')).status).toBe(200);
    const ready = await get('/ready');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ ok: false, state: 'draining' });
    expect((await get('/other')).status).toBe(404);
  });

  it('says so when the port is taken', async () => {
    server = await startHealthServer({ host: '127.0.0.1', port: 0 }, {});

    await expect(startHealthServer({ host: '127.0.0.1', port: server.port }, {})).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('onStopSignals', () => {
  it('stops at the first signal, forces at the next, and takes its listeners away', () => {
    const source = new EventEmitter();
    const seen: string[] = [];
    const remove = onStopSignals(source, {
      onStop: (signal) => void seen.push(`stop ${signal}`),
      onForce: (signal) => void seen.push(`force ${signal}`),
    });

    source.emit('SIGTERM');
    source.emit('SIGINT');
    expect(seen).toEqual(['stop SIGTERM', 'force SIGINT']);

    remove();
    expect([source.listenerCount('SIGTERM'), source.listenerCount('SIGINT')]).toEqual([0, 0]);
  });
});
