import ipaddr from 'ipaddr.js';

/** The range that IANA allots global unicast addresses from (RFC 4291, section 2.4). */
const IPV6_GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

function rangeOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'invalid';
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  // What no special range names can still be unallocated, or hold an IPv4 address that a gateway would unwrap.
  if (parsed instanceof ipaddr.IPv6 && range === 'unicast' && !parsed.match(IPV6_GLOBAL_UNICAST)) return 'reserved';
  return range;
}

/** Whether the address is the machine's own. An IPv4-mapped spelling of one is not counted. */
export function isLoopbackAddress(address: string): boolean {
  return rangeOf(address) === 'loopback';
}

/**
 * Whether no request of a tenant may go to this address: everything but global unicast, so that a tenant cannot reach the network of
 * the service, its metadata endpoint, or either of them behind a transition mechanism (IPv4-mapped, NAT64, 6to4, Teredo).
 * @param options.allowLoopback takes loopback out of what is forbidden
 */
export function isForbiddenAddress(address: string, options: { readonly allowLoopback: boolean }): boolean {
  if (isLoopbackAddress(address)) return !options.allowLoopback;
  return rangeOf(address) !== 'unicast';
}
