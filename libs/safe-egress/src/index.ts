export { isForbiddenAddress, isLoopbackAddress } from './forbidden-addresses.ts';
export { EgressError, type EgressErrorCode } from './egress-error.ts';
export { type FetchedBody, safeFetch, type SafeFetchOptions } from './safe-fetch.ts';
export {
  ForbiddenTargetError,
  parseTarget,
  pinnedLookup,
  type Resolve,
  type ResolvedAddress,
  resolveHost,
  resolveTarget,
  type TargetRules,
} from './target.ts';
