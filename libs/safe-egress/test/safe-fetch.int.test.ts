import { deferred } from '@afterimage/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EgressError, type Resolve, type ResolvedAddress, safeFetch, type SafeFetchOptions } from '../src/index.ts';
import { type Server, startServer } from './start-server.ts';

const LOOPBACK = { address: '127.0.0.1', family: 4 };
const QUICK_MS = 150;
const MAX_BYTES = 1000;

let server: Server;

beforeEach(async () => {
  server = await startServer();
});

afterEach(() => server.stop());

function fetching(url: string, options: Partial<SafeFetchOptions> = {}) {
  const signal = new AbortController().signal;
  return safeFetch(url, { signal, maxBytes: MAX_BYTES, timeoutMs: 10_000, allowLoopback: true, ...options });
}

async function errorOf(exchange: Promise<unknown>): Promise<EgressError> {
  const error = await exchange.then(
    () => expect.unreachable('something was fetched'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EgressError);
  return error as EgressError;
}

const redirectTo =
  (location: string) =>
  (response: Parameters<Parameters<Server['on']>[1]>[0]): void =>
    void response.writeHead(302, { location }).end();

describe('safeFetch', () => {
  test('yields the bytes and what the server says they are, and sends nothing of ours', async () => {
    server.on('/a?b=1', (response) => response.writeHead(200, { 'content-type': 'image/png' }).end('bytes'));

    const { data, contentType } = await fetching(`${server.url}/a?b=1`);

    expect(Buffer.from(data).toString()).toBe('bytes');
    expect(contentType).toBe('image/png');
    expect(Object.keys(server.requests[0]?.headers ?? {}).toSorted()).toEqual(
      ['accept', 'accept-encoding', 'connection', 'host', 'user-agent'].toSorted(),
    );
  });

  test.each([
    ['http://127.0.0.1/', 'http'],
    ['https://127.0.0.1/', 'loopback'],
    ['https://169.254.169.254/latest/meta-data/', 'metadata'],
    ['https://[::ffff:10.0.0.1]/', 'IPv4-mapped'],
    ['https://user:secret@example.com/', 'credentials'],
    ['file:///etc/passwd', 'a file'],
  ])('refuses %s (%s)', async (url) => {
    const resolve = vi.fn<Resolve>(async () => [LOOPBACK]);

    expect(await errorOf(fetching(url, { allowLoopback: false, resolve }))).toMatchObject({
      code: 'forbidden',
      isTransient: false,
    });
    expect(resolve).not.toHaveBeenCalled();
  });

  test.each([['10.0.0.1'], ['1.1.1.1', '192.168.0.1'], ['100.64.0.1'], ['fd00:ec2::254'], ['127.0.0.1']])(
    'refuses a name that resolves to %s %s',
    async (...addresses) => {
      const resolve: Resolve = async () => addresses.map((address) => ({ address, family: 4 }));
      const url = `https://inside.test:${server.port}/`;

      const error = await errorOf(fetching(url, { allowLoopback: false, resolve }));

      expect(error).toMatchObject({ code: 'forbidden', isTransient: false });
      for (const address of addresses) expect(error.message).not.toContain(address);
      expect(server.requests).toEqual([]);
    },
  );

  test('connects to the address that was checked, whatever the name resolves to at the connection', async () => {
    const inside = await startServer('127.0.0.2', server.port);
    server.on('/', (response) => response.end('checked'));
    const resolve = vi.fn<Resolve>();
    resolve.mockResolvedValueOnce([LOOPBACK]).mockResolvedValue([{ address: '127.0.0.2', family: 4 }]);

    const { data } = await fetching(`http://rebound.test:${server.port}/`, { resolve });

    expect(Buffer.from(data).toString()).toBe('checked');
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(inside.requests).toEqual([]);
    await inside.stop();
  });
});

describe('a redirect', () => {
  test('is followed, relative too, three times', async () => {
    server.on('/0', redirectTo('/1'));
    server.on('/1', redirectTo('2'));
    server.on('/2', redirectTo(`${server.url}/3`));
    server.on('/3', (response) => response.end('end'));

    expect(Buffer.from((await fetching(`${server.url}/0`)).data).toString()).toBe('end');
  });

  test('is not followed a fourth time', async () => {
    server.on('/', redirectTo('/'));

    expect(await errorOf(fetching(`${server.url}/`))).toMatchObject({ code: 'redirects', isTransient: false });
    expect(server.requests).toHaveLength(4);
  });

  test.each([
    'http://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fe80::1]/',
    'http://93.184.215.14/',
    'file:///etc/passwd',
    'https://user@example.com/',
  ])('to %s is refused', async (location) => {
    server.on('/', redirectTo(location));

    expect(await errorOf(fetching(`${server.url}/`))).toMatchObject({ code: 'forbidden', isTransient: false });
  });

  test('to a name with a private address is refused, although the first name was checked', async () => {
    server.on('/', redirectTo('https://inside.test/'));
    const resolve: Resolve = async (name) =>
      name === 'outside.test' ? [LOOPBACK] : [{ address: '10.0.0.1', family: 4 }];

    const error = await errorOf(fetching(`http://outside.test:${server.port}/`, { resolve }));

    expect(error.code).toBe('forbidden');
  });

  test.each<[string, Record<string, string>]>([
    ['without a location', {}],
    ['to what is no URL', { location: 'http://[' }],
  ])('%s leads nowhere', async (_, headers) => {
    server.on('/', (response) => response.writeHead(302, headers).end());

    expect((await errorOf(fetching(`${server.url}/`))).code).toBe('redirects');
  });
});

describe('the caps', () => {
  test('let as many bytes through as are allowed', async () => {
    server.on('/', (response) => response.end(Buffer.alloc(MAX_BYTES)));

    expect((await fetching(`${server.url}/`)).data.byteLength).toBe(MAX_BYTES);
  });

  test('end an announced body that is one byte too large before it is read', async () => {
    server.on('/', (response) => response.writeHead(200, { 'content-length': MAX_BYTES + 1 }).flushHeaders());

    expect(await errorOf(fetching(`${server.url}/`))).toMatchObject({ code: 'too-large', isTransient: false });
  });

  test('end an endless body as soon as it is too large', async () => {
    const cut = deferred();
    server.on('/', (response) => {
      response.on('close', () => cut.resolve());
      const pour = (): void => {
        while (response.write('x'.repeat(16_384)));
      };
      response.on('drain', pour);
      pour();
    });

    expect((await errorOf(fetching(`${server.url}/`))).code).toBe('too-large');
    await cut.promise;
  });

  test('end a body that comes a byte at a time', async () => {
    const cut = deferred();
    server.on('/', (response) => {
      const timer = setInterval(() => response.write('x'), 10);
      response.on('close', () => {
        clearInterval(timer);
        cut.resolve();
      });
    });

    expect(await errorOf(fetching(`${server.url}/`, { timeoutMs: QUICK_MS }))).toMatchObject({
      code: 'timeout',
      isTransient: true,
    });
    await cut.promise;
  });

  test('count the name lookup in the time', async () => {
    const never = deferred<readonly ResolvedAddress[]>();

    const error = await errorOf(fetching('https://slow.test/', { timeoutMs: QUICK_MS, resolve: () => never.promise }));

    expect(error.code).toBe('timeout');
  });

  test('leave an abort its reason, before and within the exchange', async () => {
    const control = new AbortController();
    const reason = new Error('drain');
    server.on('/', () => control.abort(reason));

    await expect(fetching(`${server.url}/`, { signal: control.signal })).rejects.toBe(reason);
    await expect(fetching(`${server.url}/`, { signal: control.signal })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });
});

describe('a failure', () => {
  test.each([
    [404, false],
    [403, false],
    [401, false],
    [204, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
  ])('of status %i is transient: %s', async (status, isTransient) => {
    server.on('/', (response) => response.writeHead(status).end());

    const error = await errorOf(fetching(`${server.url}/`));

    expect(error).toMatchObject({ code: 'answered', isTransient, message: `the server answered ${status}` });
  });

  test('does not repeat the URL, which may be signed', async () => {
    const error = await errorOf(fetching(`${server.url}/secret?signature=secret`));

    expect(error.message).not.toContain('secret');
  });

  test('of the connection or the lookup is transient and named', async () => {
    const notFound = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const resolve: Resolve = () => Promise.reject(notFound);

    expect(await errorOf(fetching('http://127.0.0.1:1/'))).toMatchObject({ code: 'unreachable', isTransient: true });
    expect((await errorOf(fetching('https://nowhere.test/', { resolve }))).message).toContain('ENOTFOUND');
  });

  test('of a body that breaks off is transient', async () => {
    server.on('/', (response) => {
      response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy());
    });

    expect(await errorOf(fetching(`${server.url}/`))).toMatchObject({ code: 'unreachable', isTransient: true });
  });
});
