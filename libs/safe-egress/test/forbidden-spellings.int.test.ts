import { describe, expect, test, vi } from 'vitest';
import { EgressError, type Resolve, safeFetch } from '../src/index.ts';
import { startServer } from './start-server.ts';

/** Where each of these would lead is in its group; none may be called, whatever the spelling. */
const FORBIDDEN = {
  loopback: [
    'https://127.0.0.1/',
    'https://127.255.255.254/',
    'https://127.1/',
    'https://127.0.1/',
    'https://0/',
    'https://0.0.0.0/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0X7F.0x0.0X0.0x1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://0x7f.1/',
    'https://00000177.0.0.01/',
    'https://127.0.0.1./',
    'https://127.0.0.1:8443/',
    'https://%31%32%37.0.0.1/',
    'https://①②⑦.⓪.⓪.①/',
    'https://１２７．０．０．１/',
    'https://127。0。0。1/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[0000:0000:0000:0000:0000:0000:0000:0001]/',
    'https://[::]/',
    'https://localhost/',
    'https://LOCALHOST/',
    'https://localhost./',
    'https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/',
    'https://sub.localhost/',
    'https://localhost.localdomain/',
  ],
  metadata: [
    'https://169.254.169.254/latest/meta-data/',
    'https://169.254.170.2/v2/credentials/',
    'https://2852039166/',
    'https://0xa9fea9fe/',
    'https://0xA9.0xFE.0xA9.0xFE/',
    'https://0251.0376.0251.0376/',
    'https://169.254.43518/',
    'https://169.16689662/',
    'https://169.254.169.254./',
    'https://[fd00:ec2::254]/',
    'https://metadata/',
    'https://metadata.google.internal/',
    'https://METADATA.google.INTERNAL./',
    'https://metadata.goog.internal/',
    'https://instance-data.ec2.internal/',
    'https://ip-10-0-0-1.eu-west-1.compute.internal/',
  ],
  'private networks': [
    'https://10.0.0.1/',
    'https://10.1/',
    'https://167772161/',
    'https://012.0.0.1/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.0.1/',
    'https://192.168.257/',
    'https://0xc0a80001/',
    'https://100.64.0.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[fc00::1]/',
    'https://[fdff:ffff::1]/',
    'https://[fe80::1]/',
    'https://[FE80::A9FE:A9FE]/',
    'https://[fec0::1]/',
    'https://[ff02::1]/',
    'https://router.lan/',
    'https://printer.local/',
    'https://hidden.onion/',
    'https://1.0.0.10.in-addr.arpa/',
  ],
  'IPv4 within IPv6': [
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::FFFF:A9FE:A9FE]/',
    'https://[0:0:0:0:0:ffff:10.0.0.1]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[::127.0.0.1]/',
    'https://[::a9fe:a9fe]/',
    'https://[::ffff:0:10.0.0.1]/',
    'https://[64:ff9b::169.254.169.254]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::a00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2002:a9fe:a9fe::1]/',
    'https://[2001:0:7f00:1::]/',
    'https://[2001::a9fe:a9fe]/',
  ],
  'other schemes, names and passwords': [
    'http://example.com/',
    'HTTP://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_INFO',
    'javascript:alert(1)',
    'data:text/plain,x',
    '//example.com/',
    'https://user@example.com/',
    'https://:secret@example.com/',
    'https://example.com@127.0.0.1/',
    'https://example.com%40127.0.0.1/',
    String.raw`https:\\127.0.0.1\hook`,
    'https:127.0.0.1',
    'https://127.0.0.1#@example.com/',
    'https://127.0.0.1\\@example.com/',
    ' https://127.0.0.1/ ',
    'https://127.0.\t0.1/',
    'https://[::1%25lo]/',
    'https://',
    '',
  ],
} as const;

const TABLE = Object.entries(FORBIDDEN).flatMap(([why, urls]) => urls.map((url) => [url, why] as const));

const fetching = (url: string, resolve: Resolve) =>
  safeFetch(url, { signal: new AbortController().signal, maxBytes: 100, timeoutMs: 5000, resolve });

describe('no request and no name lookup is made', () => {
  test.each(TABLE)('for %j (%s)', async (url) => {
    const resolve = vi.fn<Resolve>(async () => [{ address: '93.184.215.14', family: 4 }]);

    await expect(fetching(url, resolve)).rejects.toMatchObject({ name: 'EgressError', code: 'forbidden' });

    expect(resolve).not.toHaveBeenCalled();
  });

  test('for no spelling twice in this table', () => {
    expect(new Set(TABLE.map(([url]) => url)).size).toBe(TABLE.length);
    expect(TABLE.length).toBeGreaterThanOrEqual(60);
  });
});

const PUBLIC = '93.184.215.14';

describe('no request is made to a name', () => {
  test.each([
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['10.0.0.1'],
    ['0.0.0.0'],
    ['::1'],
    ['::ffff:169.254.169.254'],
    ['64:ff9b::a9fe:a9fe'],
    ['fd00:ec2::254'],
    [PUBLIC, '127.0.0.1'],
    ['127.0.0.1', PUBLIC],
    [PUBLIC, '2606:4700::1111', 'fe80::1'],
  ])('that resolves to %s %s %s', async (...addresses) => {
    const answers = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

    await expect(fetching('https://rebinds.example.com/', async () => answers)).rejects.toThrow(EgressError);
  });

  test('that resolves to another address between the check and the connection', async () => {
    const [checked, inside] = [await startServer('127.0.0.1'), await startServer('127.0.0.2')];
    checked.on('/', (response) => response.end('checked'));
    const resolve = vi.fn<Resolve>(async () => [{ address: '127.0.0.2', family: 4 }]);
    resolve.mockResolvedValueOnce([{ address: '127.0.0.1', family: 4 }]);

    const signal = new AbortController().signal;
    const options = { signal, maxBytes: 100, timeoutMs: 5000, allowLoopback: true, resolve };
    const { data } = await safeFetch(`http://rebinds.example.com:${checked.port}/`, options);

    expect(Buffer.from(data).toString()).toBe('checked');
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(inside.requests).toEqual([]);
    await Promise.all([checked.stop(), inside.stop()]);
  });
});
