import * as fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { isForbiddenAddress, isLoopbackAddress } from './forbidden-addresses.ts';

/** A second opinion, by the tables of another: they have more ranges, none of which is global unicast. */
function rangeOf(address: string): string {
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  const isAllotted = parsed instanceof ipaddr.IPv4 || parsed.match(ipaddr.IPv6.parseCIDR('2000::/3'));
  return range === 'unicast' && !isAllotted ? 'reserved' : range;
}

type Range = readonly [network: ipaddr.IPv4 | ipaddr.IPv6, prefix: number];

function rangesIn(table: unknown): Range[] {
  if (!Array.isArray(table)) return [];
  const [network, prefix]: unknown[] = table;
  const isNetwork = network instanceof ipaddr.IPv4 || network instanceof ipaddr.IPv6;
  return isNetwork && typeof prefix === 'number' ? [[network, prefix]] : table.flatMap(rangesIn);
}

const RANGES = [ipaddr.IPv4, ipaddr.IPv6].flatMap((family) =>
  rangesIn(Object.values(Reflect.get(family.prototype, 'SpecialRanges'))),
);

/** The first and the last address of a range, and their neighbours. */
function edgesOf([network, prefix]: Range): string[] {
  const bytes = network.toByteArray();
  const bits = BigInt(bytes.length * 8);
  const first = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const last = first + (1n << (bits - BigInt(prefix))) - 1n;
  const byteOf = (value: bigint, index: number) => Number((value >> (bits - 8n * BigInt(index + 1))) & 255n);
  return [first - 1n, first, last, last + 1n]
    .filter((value) => value >= 0n && value < 1n << bits)
    .map((value) => ipaddr.fromByteArray(bytes.map((_, index) => byteOf(value, index))).toString());
}

test('the edges of every special range are judged as by the tables of ipaddr.js', () => {
  const all = RANGES.flatMap(edgesOf);

  expect(all.length).toBeGreaterThan(100);
  for (const address of all) {
    expect([address, isForbiddenAddress(address, { allowLoopback: false })]).toEqual([
      address,
      rangeOf(address) !== 'unicast',
    ]);
    expect([address, isLoopbackAddress(address)]).toEqual([address, rangeOf(address) === 'loopback']);
  }
});

test('any address is judged as by the tables of ipaddr.js', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      expect(isForbiddenAddress(address, { allowLoopback: false })).toBe(rangeOf(address) !== 'unicast');
    }),
    { numRuns: 2000 },
  );
});
