import type { Resolve, ResolvedAddress } from '@afterimage/safe-egress';
import { deferred } from '@afterimage/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeDeliver } from '../src/webhook/deliver.ts';
import { type Receiver, startReceiver } from './start-receiver.ts';

const LOOPBACK = { address: '127.0.0.1', family: 4 };
const QUICK_MS = 150;
const AMPLE_MS = 10_000;

let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(() => receiver.stop());

function delivering(timeoutMs = AMPLE_MS, allowLoopback = true) {
  const resolve = vi.fn<Resolve>(async () => [LOOPBACK]);
  return { resolve, deliver: makeDeliver({ timeoutMs, allowLoopback, resolve }) };
}

const request = (url: string) => ({ url, headers: { 'webhook-id': 'evt_1' }, body: '{"ü":1}' });

describe('deliver', () => {
  test('posts the body as it is and tells status and Retry-After', async () => {
    receiver.answerWith((response) => response.writeHead(503, { 'retry-after': '30' }).end('busy'));

    const result = await delivering().deliver(request(receiver.url));

    expect(result).toEqual({ kind: 'answered', statusCode: 503, retryAfter: '30' });
    expect(receiver.requests).toEqual([
      { path: '/hook', method: 'POST', body: '{"ü":1}', headers: expect.objectContaining({ 'webhook-id': 'evt_1' }) },
    ]);
    expect(receiver.requests[0]?.headers).toMatchObject({ 'content-length': '8', connection: 'close' });
  });

  test('connects to the address that was checked, whatever the name resolves to later', async () => {
    const { deliver, resolve } = delivering();
    resolve.mockResolvedValueOnce([LOOPBACK]).mockResolvedValue([{ address: '10.0.0.1', family: 4 }]);

    const result = await deliver(request(`http://rebound.test:${receiver.port}/hook`));

    expect(result).toMatchObject({ kind: 'answered', statusCode: 204 });
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(receiver.requests[0]?.headers.host).toBe(`rebound.test:${receiver.port}`);
  });

  test('takes the address that answers when a name has several', async () => {
    const { deliver, resolve } = delivering();
    resolve.mockResolvedValue([{ address: '::1', family: 6 }, LOOPBACK]);

    const result = await deliver(request(`http://two.test:${receiver.port}/hook`));

    expect(result).toMatchObject({ kind: 'answered', statusCode: 204 });
  });

  test('sends nothing to a name with a forbidden address, and may try again', async () => {
    const { deliver } = delivering(AMPLE_MS, false);

    const result = await deliver(request(`https://inside.test:${receiver.port}/hook`));

    expect(result).toEqual({
      kind: 'unreachable',
      error: 'the host has an address that may not be called',
    });
    expect(receiver.requests).toEqual([]);
  });

  test('refuses a URL that is forbidden in itself', async () => {
    const result = await delivering(AMPLE_MS, false).deliver(request(receiver.url));

    expect(result).toEqual({ kind: 'refused', error: 'the URL must be https' });
    expect(receiver.requests).toEqual([]);
  });

  test('does not follow a redirect', async () => {
    receiver.answerWith((response) => response.writeHead(307, { location: '/elsewhere' }).end());

    const result = await delivering().deliver(request(receiver.url));

    expect(result).toMatchObject({ kind: 'answered', statusCode: 307 });
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/hook']);
  });

  test.each<[string, Parameters<Receiver['answerWith']>[0]]>([
    ['never answers', () => undefined],
    ['never ends its answer', (response) => void response.writeHead(200).write('x')],
  ])('gives up a receiver that %s', async (_, answer) => {
    receiver.answerWith(answer);

    const result = await delivering(QUICK_MS).deliver(request(receiver.url));

    expect(result).toEqual({ kind: 'unreachable', error: `no complete answer within ${QUICK_MS} ms` });
  });

  test('counts an answer that comes after the time as none', async () => {
    const answered = deferred();
    receiver.answerWith((response) => {
      response.on('close', () => {
        response.writeHead(200).end();
        answered.resolve();
      });
    });

    const result = await delivering(QUICK_MS).deliver(request(receiver.url));
    await answered.promise;

    expect(result).toEqual({ kind: 'unreachable', error: `no complete answer within ${QUICK_MS} ms` });
  });

  test('counts an answer that breaks off as none, whatever its status', async () => {
    receiver.answerWith((response) => {
      response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy());
    });

    const result = await delivering().deliver(request(receiver.url));

    expect(result).toEqual({ kind: 'unreachable', error: 'the connection failed: ECONNRESET' });
  });

  test('reads 64 KiB of an answer of 1 GB', async () => {
    const GIGABYTE = 1024 ** 3;
    let written = 0;
    const cut = deferred();
    receiver.answerWith((response) => {
      response.on('close', () => cut.resolve());
      response.writeHead(200, { 'content-length': GIGABYTE });
      const chunk = Buffer.alloc(65_536);
      const pour = () => {
        do written += chunk.byteLength;
        while (written < GIGABYTE && response.write(chunk));
      };
      response.on('drain', pour);
      pour();
    });

    const result = await delivering().deliver(request(receiver.url));
    await cut.promise;

    expect(result).toMatchObject({ kind: 'answered', statusCode: 200 });
    // What the sockets hold is a few megabytes.
    expect(written).toBeLessThan(GIGABYTE / 10);
  });

  test('counts the name lookup in the time', async () => {
    const { deliver, resolve } = delivering(QUICK_MS);
    const never = deferred<readonly ResolvedAddress[]>();
    resolve.mockReturnValue(never.promise);

    const result = await deliver(request(`http://slow.test:${receiver.port}/hook`));

    expect(result).toMatchObject({ kind: 'unreachable', error: `no complete answer within ${QUICK_MS} ms` });
  });

  test('reads no more than it needs of an endless answer', async () => {
    const cut = deferred();
    receiver.answerWith((response) => {
      response.on('close', () => cut.resolve());
      response.writeHead(200);
      const pour = () => {
        while (response.write('x'.repeat(16_384)));
      };
      response.on('drain', pour);
      pour();
    });

    const result = await delivering().deliver(request(receiver.url));

    expect(result).toMatchObject({ kind: 'answered', statusCode: 200 });
    await cut.promise;
  });

  test.each<[string, () => string, string]>([
    ['a closed port', () => 'http://127.0.0.1:1/', 'ECONNREFUSED'],
    ['a server without TLS', () => receiver.url.replace('http:', 'https:'), 'EPROTO'],
  ])('tells why %s cannot be reached', async (_, url, code) => {
    const result = await delivering().deliver(request(url()));

    expect(result).toMatchObject({ kind: 'unreachable', error: expect.stringContaining(code) });
  });

  test('tells that a name does not resolve', async () => {
    const { deliver, resolve } = delivering();
    resolve.mockRejectedValue(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));

    const result = await deliver(request('https://nowhere.test/'));

    expect(result).toEqual({ kind: 'unreachable', error: 'the connection failed: ENOTFOUND' });
  });
});
