import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { ForbiddenTargetError, parseTarget, pinnedLookup, type Resolve, resolveTarget } from './target.ts';

const PUBLIC_ONLY = { allowLoopback: false };
const WITH_LOOPBACK = { allowLoopback: true };

describe('parseTarget', () => {
  test.each([
    'http://example.com/hook',
    'ftp://example.com/hook',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'example.com/hook',
    '',
    'https://user@example.com/hook',
    'https://user:secret@example.com/hook',
    'https://:secret@example.com/hook',
    'https://127.0.0.1/hook',
    'https://127.1/hook',
    'https://0/hook',
    'https://0x7f.0.0.1/hook',
    'https://0x7f000001/hook',
    'https://0177.0.0.1/hook',
    'https://2130706433/hook',
    'https://017700000001/hook',
    'https://127.0.0.1./hook',
    'https://%31%32%37.0.0.1/hook',
    'https://①②⑦.⓪.⓪.①/hook',
    'https://１２７.0.0.1/hook',
    'https://127。0。0。1/hook',
    'https://169.254.169.254/latest/meta-data/',
    'https://0xa9fea9fe/latest/meta-data/',
    'https://2852039166/latest/meta-data/',
    'https://10.0.0.1:8443/hook',
    'https://192.168.257/hook',
    'https://[::1]/hook',
    'https://[0:0:0:0:0:0:0:1]/hook',
    'https://[::ffff:127.0.0.1]/hook',
    'https://[::ffff:a9fe:a9fe]/hook',
    'https://[::ffff:0:7f00:1]/hook',
    'https://[::7f00:1]/hook',
    'https://[64:ff9b::169.254.169.254]/hook',
    'https://[2002:a9fe:a9fe::]/hook',
    'https://[fd00:ec2::254]/hook',
    'https://[fe80::1]/hook',
    String.raw`https:\\127.0.0.1\hook`,
    'https://example.com@127.0.0.1/hook',
    'https:127.0.0.1/hook',
  ])('refuses %s', (url) => {
    expect(() => parseTarget(url, PUBLIC_ONLY)).toThrow(ForbiddenTargetError);
  });

  test.each([
    'https://example.com/hook',
    'https://example.com:8443/hook?token=1',
    'https://1.1.1.1/',
    'https://[2606:4700::1111]/',
  ])('takes %s', (url) => {
    expect(parseTarget(url, PUBLIC_ONLY).href).toBe(url);
  });

  test('takes http to loopback only where loopback is allowed', () => {
    expect(parseTarget('http://127.0.0.1:4010/hook', WITH_LOOPBACK).port).toBe('4010');
    expect(() => parseTarget('http://1.1.1.1/hook', WITH_LOOPBACK)).toThrow('http is allowed to loopback only');
    expect(() => parseTarget('https://10.0.0.1/hook', WITH_LOOPBACK)).toThrow(ForbiddenTargetError);
  });

  test('keeps addresses out of its message', () => {
    expect(() => parseTarget('https://10.1.2.3/hook', PUBLIC_ONLY)).toThrow(
      /^the host has an address that may not be called$/,
    );
  });
});

describe('resolveTarget', () => {
  const url = new URL('https://hooks.example.com/');
  const answering = (...addresses: string[]) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    return vi.fn<Resolve>(async () => found);
  };

  test('yields all addresses of the host', async () => {
    const resolve = answering('1.1.1.1', '2606:4700::1111');

    const addresses = await resolveTarget(url, resolve, PUBLIC_ONLY);

    expect(resolve).toHaveBeenCalledExactlyOnceWith('hooks.example.com');
    expect(addresses.map(({ address }) => address)).toEqual(['1.1.1.1', '2606:4700::1111']);
  });

  test.each([['10.0.0.1'], ['1.1.1.1', '127.0.0.1'], ['1.1.1.1', '::ffff:10.0.0.1']])(
    'refuses a host with the addresses %s %s',
    async (...addresses) => {
      await expect(resolveTarget(url, answering(...addresses), PUBLIC_ONLY)).rejects.toThrow(ForbiddenTargetError);
    },
  );

  test('refuses http to a name that leaves loopback', async () => {
    const http = new URL('http://hooks.example.com/');

    await expect(resolveTarget(http, answering('127.0.0.1', '1.1.1.1'), WITH_LOOPBACK)).rejects.toThrow('use https');
  });

  test('asks nobody for the address of an address', async () => {
    const resolve = answering('10.0.0.1');

    expect(await resolveTarget(new URL('https://[2606:4700::1111]/'), resolve, PUBLIC_ONLY)).toEqual([
      { address: '2606:4700::1111', family: 6 },
    ]);
    expect(resolve).not.toHaveBeenCalled();
  });
});

describe('pinnedLookup', () => {
  const addresses = [
    { address: '1.1.1.1', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ];

  test('answers every name with the checked addresses', async () => {
    const lookup = promisify(pinnedLookup(addresses));

    expect(await lookup('rebound.example.com', { all: true })).toEqual(addresses);
    expect(await lookup('rebound.example.com', {})).toBe('1.1.1.1');
  });

  test('fails as a lookup does when there is none', async () => {
    await expect(promisify(pinnedLookup([]))('empty.example.com', { all: true })).rejects.toMatchObject({
      code: 'ENOTFOUND',
    });
  });
});
