import { describe, expect, test } from 'vitest';
import { isForbiddenAddress, isLoopbackAddress } from './forbidden-addresses.ts';

const FORBIDDEN: readonly [address: string, why: string][] = [
  ['0.0.0.0', 'this host'],
  ['0.1.2.3', 'this network'],
  ['10.0.0.1', 'private'],
  ['10.255.255.255', 'private'],
  ['100.64.0.1', 'carrier-grade NAT'],
  ['100.127.255.255', 'carrier-grade NAT'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['169.254.169.254', 'instance metadata'],
  ['169.254.170.2', 'container credentials'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.8', 'protocol assignments'],
  ['192.0.2.1', 'documentation'],
  ['192.88.99.1', '6to4 relay'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'benchmarking'],
  ['203.0.113.7', 'documentation'],
  ['224.0.0.1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::127.0.0.1', 'IPv4-compatible'],
  ['::ffff:127.0.0.1', 'IPv4-mapped loopback'],
  ['::ffff:8.8.8.8', 'IPv4-mapped'],
  ['::ffff:0:10.0.0.1', 'IPv4-translated'],
  ['64:ff9b::a9fe:a9fe', 'NAT64 of the metadata address'],
  ['64:ff9b:1::a00:1', 'local NAT64'],
  ['100::1', 'discard'],
  ['2001::1', 'Teredo'],
  ['2001:db8::1', 'documentation'],
  ['2002:7f00:1::', '6to4 of loopback'],
  ['3fff::1', 'documentation'],
  ['4000::1', 'not allocated'],
  ['fc00::1', 'unique local'],
  ['fd00:ec2::254', 'instance metadata'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local with a zone'],
  ['fec0::1', 'site-local'],
  ['ff02::1', 'multicast'],
  ['', 'no address'],
  ['example.com', 'not an address'],
];

describe('isForbiddenAddress', () => {
  test.each(FORBIDDEN)('refuses %s (%s)', (address) => {
    expect(isForbiddenAddress(address, { allowLoopback: false })).toBe(true);
  });

  test.each(['1.1.1.1', '8.8.8.8', '100.63.255.255', '172.32.0.1', '223.255.255.255', '2606:4700::1111', '2a00::1'])(
    'lets %s through',
    (address) => {
      expect(isForbiddenAddress(address, { allowLoopback: false })).toBe(false);
    },
  );

  test('lets nothing but loopback through when loopback is allowed', () => {
    const allowed = FORBIDDEN.map(([address]) => address).filter(
      (address) => !isForbiddenAddress(address, { allowLoopback: true }),
    );

    expect(allowed).toEqual(['127.0.0.1', '127.255.255.254', '::1']);
  });
});

test('isLoopbackAddress does not count an IPv4-mapped spelling', () => {
  expect(['127.0.0.1', '::1', '::ffff:127.0.0.1', '8.8.8.8'].map(isLoopbackAddress)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
