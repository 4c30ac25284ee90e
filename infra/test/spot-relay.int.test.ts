import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { spotRelayObjects } from '../src/constructs/kubernetes/spot-relay-objects.ts';
import { spotRelay } from '../src/spot-relay/spot-relay.ts';

const ACTION = '/latest/meta-data/spot/instance-action';
const REBALANCE = '/latest/meta-data/events/recommendations/rebalance';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map(async (server) => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }),
  );
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

/** A metadata service that answers to the current session alone. */
async function aRelay(answers: Record<string, string>) {
  const asked: string[] = [];
  const service = { session: 'session-1' };
  const onRequest: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url === '/latest/api/token' && request.headers['x-aws-ec2-metadata-token-ttl-seconds'] === '21600') {
      return void response.end(service.session);
    }
    const body = answers[request.url ?? ''];
    const isKnown = request.headers['x-aws-ec2-metadata-token'] === service.session;
    response.writeHead(isKnown ? (body === undefined ? 404 : 200) : 401);
    response.end(body);
  };
  const relay = await listen(spotRelay(await listen(createServer(onRequest))));
  const get = async (path: string, method = 'GET') => {
    const response = await fetch(relay + path, { method });
    return [response.status, await response.text()];
  };
  return { asked, service, get };
}

describe('the relay of Spot notices', () => {
  it('passes on what the metadata service says, nothing included', async () => {
    const { get } = await aRelay({ [ACTION]: '{"action":"terminate","time":"2026-01-01T00:00:00Z"}' });

    expect(await get(ACTION)).toEqual([200, '{"action":"terminate","time":"2026-01-01T00:00:00Z"}']);
    expect(await get(REBALANCE)).toEqual([404, '']);
  });

  it('gives whoever asks a session, and has one of its own for all', async () => {
    const { get, asked } = await aRelay({});

    expect(await get('/latest/api/token', 'PUT')).toEqual([200, 'spot-relay']);
    await get(ACTION);
    await get(ACTION);

    expect(asked).toEqual(['PUT /latest/api/token', `GET ${ACTION}`, `GET ${ACTION}`]);
  });

  it.each([
    ['/latest/meta-data/iam/security-credentials/', 'GET'],
    ['/latest/meta-data/iam/security-credentials/role', 'GET'],
    ['/latest/user-data', 'GET'],
    [`${ACTION}/../../iam/info`, 'GET'],
    [ACTION, 'POST'],
  ])('never asks for anything else: %s by %s', async (path, method) => {
    const { get, asked } = await aRelay({ '/latest/meta-data/iam/security-credentials/role': 'secret' });

    expect(await get(path, method)).toEqual([403, '']);
    expect(asked).toEqual([]);
  });

  it('takes a new session when its own has run out', async () => {
    const { get, service } = await aRelay({});
    expect(await get(ACTION)).toEqual([404, '']);
    service.session = 'session-2';

    expect(await get(ACTION)).toEqual([502, '']);
    expect(await get(ACTION)).toEqual([404, '']);
  });

  it('says so when the metadata service is away', async () => {
    const away = await listen(createServer());
    servers.splice(servers.length - 1, 1)[0]?.close();
    const relay = await listen(spotRelay(away));

    expect((await fetch(relay + ACTION)).status).toBe(502);
  });

  it('runs as it is mounted into the container, and ends when it is told to', async () => {
    const [, { data }] = spotRelayObjects('image');
    const script = join(mkdtempSync(join(tmpdir(), 'afterimage-relay-')), 'spot-relay.mts');
    writeFileSync(script, data?.['spot-relay.mts'] ?? '');
    const env = { PATH: process.env['PATH'], PORT: '0', IMDS_URL: await listen(createServer()) };
    const relay = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(relay, 'exit');

    const [line] = await once(relay.stdout, 'data');
    expect(JSON.parse(String(line))).toMatchObject({ message: 'spot relay listens' });
    relay.kill('SIGTERM');

    expect(await ended).toEqual([0, null]);
  });
});
