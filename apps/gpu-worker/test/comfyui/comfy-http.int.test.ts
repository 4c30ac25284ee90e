import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpCall } from '../../src/engines/comfyui/comfy-http.ts';
import { ComfyHttp } from '../../src/engines/comfyui/comfy-http.ts';
import { fastTime } from './engine-bench.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function clientOf(answer: RequestListener, timeFactor = 1) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    answer(request, response);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const http = new ComfyHttp({ url: `http://127.0.0.1:${address.port}/`, time: fastTime(timeFactor) });
  const call = (options: Partial<HttpCall> = {}) =>
    http.call({
      method: 'GET',
      path: '/queue?secret=1',
      timeoutMs: 5000,
      tries: 3,
      signal: new AbortController().signal,
      ...options,
    });
  return { server, call, paths };
}

describe('ComfyHttp', () => {
  it('does not wait for ever for a server that takes the call and says nothing', async () => {
    const { call, paths } = await clientOf(() => undefined, 50);

    await expect(call()).rejects.toMatchObject({
      name: 'NoAnswerError',
      kind: 'timeout',
      message: 'GET /queue: timeout',
    });
    expect(paths).toHaveLength(3);
  });

  it('does not wait for ever for the rest of a body', async () => {
    const { call } = await clientOf((_, response) => response.writeHead(200).write('{'), 50);

    await expect(call({ tries: 1 })).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('knows a server that is not there from one that breaks off', async () => {
    const { server, call } = await clientOf((request) => request.socket.destroy());
    await expect(call({ tries: 1 })).rejects.toMatchObject({ kind: 'broken' });
    server.close();
    await once(server, 'close');

    await expect(call({ tries: 1 })).rejects.toMatchObject({ kind: 'refused' });
  });

  it('asks again while the server is in trouble, and no more often than it may', async () => {
    let failures = 2;
    const { call, paths } = await clientOf((_, response) => {
      response.writeHead(failures > 0 ? 503 : 200).end('done');
      failures -= 1;
    });
    const answer = await call();
    expect([answer.status, answer.body.toString(), paths.length]).toEqual([200, 'done', 3]);
    failures = 9;

    expect((await call()).status).toBe(503);
    expect(paths).toHaveLength(6);
  });

  it('follows no redirect', async () => {
    const { call, paths } = await clientOf((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());

    await expect(call({ tries: 1 })).rejects.toMatchObject({ name: 'NoAnswerError' });
    expect(paths).toEqual(['/queue?secret=1']);
  });

  it.each([401, 403])('takes %i for wrong credentials', async (status) => {
    const { call, paths } = await clientOf((_, response) => response.writeHead(status).end());

    await expect(call()).rejects.toMatchObject({ name: 'EngineUnusableError' });
    expect(paths).toHaveLength(1);
  });

  it('ends with the reason of the signal', async () => {
    const abort = new AbortController();
    const { call, paths } = await clientOf(() => abort.abort(new Error('enough')));

    await expect(call({ signal: abort.signal })).rejects.toThrow('enough');
    expect(paths).toHaveLength(1);
  });
});
