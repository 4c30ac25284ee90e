import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { isForbiddenAddress, isLoopbackAddress } from './forbidden-addresses.ts';

export interface TargetRules {
  /** Allows loopback addresses, and http to them. */
  readonly allowLoopback: boolean;
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** The system's name lookup. */
export const resolveHost: Resolve = (hostname) => lookup(hostname, { all: true });

/** The target may not be called. The message names no address: it would tell tenants about our network. */
export class ForbiddenTargetError extends Error {
  override readonly name = 'ForbiddenTargetError';
  readonly code = 'forbidden-target';
}

/**
 * Names that no public server has (RFC 6761, 6762, 7686, 8375, 9476, and ICANN's `internal`). Where they resolve at all, it is
 * inside somebody's network: the metadata services of clouds are among them.
 */
const INNER_DOMAINS: ReadonlySet<string> = new Set([
  'alt',
  'arpa',
  'internal',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'onion',
]);

function isPublicName(host: string): boolean {
  const labels = host.replace(/\.$/, '').split('.');
  return labels.length > 1 && !INNER_DOMAINS.has(labels.at(-1) ?? '');
}

function isLocalhost(host: string): boolean {
  return /^(.+\.)?localhost\.?$/.test(host);
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function checkAddresses(url: URL, addresses: readonly string[], rules: TargetRules): void {
  if (addresses.some((address) => isForbiddenAddress(address, rules))) {
    throw new ForbiddenTargetError('the host has an address that may not be called');
  }
  if (url.protocol === 'http:' && !addresses.every(isLoopbackAddress)) {
    throw new ForbiddenTargetError('http is allowed to loopback only, use https');
  }
}

/**
 * Reads a URL that a tenant gave and refuses one that can never be called, whatever its host name resolves to.
 * @throws ForbiddenTargetError
 */
export function parseTarget(value: string, rules: TargetRules): URL {
  const url = URL.parse(value);
  if (url === null) throw new ForbiddenTargetError('the URL cannot be read');
  const protocols = rules.allowLoopback ? ['https:', 'http:'] : ['https:'];
  if (!protocols.includes(url.protocol)) throw new ForbiddenTargetError('the URL must be https');
  if (url.username !== '' || url.password !== '') {
    throw new ForbiddenTargetError('the URL must not contain a user name or password');
  }
  const host = bareHost(url);
  if (isIP(host) !== 0) checkAddresses(url, [host], rules);
  else if (!isPublicName(host) && !(rules.allowLoopback && isLocalhost(host))) {
    throw new ForbiddenTargetError('the host is not a public name');
  }
  return url;
}

/**
 * The addresses of the URL's host. One forbidden address refuses them all: a name that has both kinds is made to slip
 * through.
 * @throws ForbiddenTargetError
 */
export async function resolveTarget(
  url: URL,
  resolve: Resolve,
  rules: TargetRules,
): Promise<readonly ResolvedAddress[]> {
  const host = bareHost(url);
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const addresses = await resolve(host);
  checkAddresses(
    url,
    addresses.map(({ address }) => address),
    rules,
  );
  return addresses;
}

/** A lookup that knows these addresses alone, so that the connection goes to what was checked and not to a second answer. */
export function pinnedLookup(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (hostname, options, callback) => {
    const [first] = addresses;
    if (first === undefined) {
      callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '', 0);
    } else if (options.all === true) {
      callback(null, [...addresses]);
    } else {
      callback(null, first.address, first.family);
    }
  };
}
