import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { FunctionError } from '../lambda/function-error.ts';
import { headerOf, type GatewayRequest } from './gateway-request.ts';
import { allows, authorizerResultSchema, type AuthorizerResult } from './policy.ts';
import { authorizerEvent, methodArn, type AuthorizerContext, type RoutedRequest } from './proxy-event.ts';

export type Decision =
  | { readonly kind: 'allowed'; readonly context: AuthorizerContext & { readonly principalId: string } }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'denied' };

export interface AuthorizerOptions {
  invoke(event: APIGatewayRequestAuthorizerEvent): Promise<unknown>;
  /** How long an answer holds for the same credentials; 0 asks each time. */
  readonly cacheMs: number;
  readonly now: () => number;
}

interface CacheEntry {
  readonly result: Promise<AuthorizerResult>;
  readonly expiresAt: number;
}

const MAX_CACHE_ENTRIES = 1000;

function credentialsOf({ headers }: GatewayRequest): string {
  return JSON.stringify([headerOf(headers, 'authorization'), headerOf(headers, 'x-api-key')]);
}

/** A REQUEST authorizer, with API Gateway's cache of its policies: the policy is kept, and read for each method. */
export function makeAuthorizer({
  invoke,
  cacheMs,
  now,
}: AuthorizerOptions): (routed: RoutedRequest) => Promise<Decision> {
  const cache = new Map<string, CacheEntry>();

  function ask(routed: RoutedRequest): Promise<AuthorizerResult> {
    const credentials = credentialsOf(routed.request);
    const known = cache.get(credentials);
    if (known !== undefined && known.expiresAt > now()) return known.result;
    const result = invoke(authorizerEvent(routed)).then((answer) => authorizerResultSchema.parse(answer));
    cache.delete(credentials);
    const [oldest] = cache.keys();
    if (oldest !== undefined && cache.size >= MAX_CACHE_ENTRIES) cache.delete(oldest);
    const entry = { result, expiresAt: now() + cacheMs };
    cache.set(credentials, entry);
    // Only answers are kept: a refusal by "Unauthorized" and a failure are asked for again.
    result.catch(() => {
      if (cache.get(credentials) === entry) cache.delete(credentials);
    });
    return result;
  }

  return async function authorize(routed) {
    let result: AuthorizerResult;
    try {
      result = await ask(routed);
    } catch (error) {
      if (error instanceof FunctionError && error.code === 'unhandled' && error.message === 'Unauthorized') {
        return { kind: 'unauthorized' };
      }
      throw error;
    }
    if (!allows(result.policyDocument, methodArn(routed))) return { kind: 'denied' };
    const context = Object.entries(result.context ?? {}).map(([name, value]) => [name, String(value)] as const);
    return { kind: 'allowed', context: { ...Object.fromEntries(context), principalId: result.principalId } };
  };
}
