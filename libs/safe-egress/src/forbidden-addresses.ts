import { BlockList, isIP } from 'node:net';

/** Whether an address is in one of the ranges. The list is made with the first question: a function that starts has none yet. */
function listOf(family: 'ipv4' | 'ipv6', ranges: readonly (readonly [network: string, prefix: number])[]) {
  let list: BlockList | undefined;

  function make(): BlockList {
    const made = new BlockList();
    for (const [network, prefix] of ranges) made.addSubnet(network, prefix, family);
    return made;
  }

  return (address: string) => (list ??= make()).check(address, family);
}

/** What IANA has set apart of IPv4 (https://www.iana.org/assignments/iana-ipv4-special-registry). */
const isSpecialIPv4 = listOf('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]);

/** The range that IANA allots global unicast addresses from (RFC 4291, section 2.4): outside of it there are none. */
const isGlobalIPv6 = listOf('ipv6', [['2000::', 3]]);

/** What is set apart within it (https://www.iana.org/assignments/iana-ipv6-special-registry), or holds an IPv4 address that a gateway would unwrap. */
const isSpecialIPv6 = listOf('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
]);

const isLoopbackIPv4 = listOf('ipv4', [['127.0.0.0', 8]]);
const isLoopbackIPv6 = listOf('ipv6', [['::1', 128]]);

/** 4 or 6; 0 for what is no address. One with a zone is on a link of the machine, and counts as none. */
function familyOf(address: string): number {
  return address.includes('%') ? 0 : isIP(address);
}

/** Whether the address is the machine's own. An IPv4-mapped spelling of one is not counted. */
export function isLoopbackAddress(address: string): boolean {
  const family = familyOf(address);
  if (family === 4) return isLoopbackIPv4(address);
  return family === 6 && isLoopbackIPv6(address);
}

function isGlobalUnicast(address: string): boolean {
  const family = familyOf(address);
  if (family === 4) return !isSpecialIPv4(address);
  return family === 6 && isGlobalIPv6(address) && !isSpecialIPv6(address);
}

/**
 * Whether no request of a tenant may go to this address: everything but global unicast, so that a tenant cannot reach the network of
 * the service, its metadata endpoint, or either of them behind a transition mechanism (IPv4-mapped, NAT64, 6to4, Teredo).
 * @param options.allowLoopback takes loopback out of what is forbidden
 */
export function isForbiddenAddress(address: string, options: { readonly allowLoopback: boolean }): boolean {
  if (isLoopbackAddress(address)) return !options.allowLoopback;
  return !isGlobalUnicast(address);
}
