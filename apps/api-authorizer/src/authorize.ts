import type { Principal } from '@afterimage/app-host/lambda';
import type { Clock, KeyStore, TenantStore } from '@afterimage/job-core';
import { presentedKey, secretMatches } from './api-key.ts';

export interface AuthorizePorts {
  readonly keys: Pick<KeyStore, 'get'>;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly now: Clock;
}

/** The owner of the key in the headers; undefined when there is no key, or it is unknown, wrong or revoked. */
export function makeAuthorize({ keys, tenants, now }: AuthorizePorts) {
  return async function authorize(
    headers: Readonly<Record<string, string | undefined>>,
  ): Promise<Principal | undefined> {
    const presented = presentedKey(headers);
    if (presented === undefined) return undefined;
    const key = await keys.get(presented.keyId);
    if (key === undefined || !secretMatches(presented.secret, key.secretSha256)) return undefined;
    if (key.revokedAt !== null && key.revokedAt <= now().toISOString()) return undefined;
    const { tenantId, keyId, scopes } = key;
    const quotas = (await tenants.get(tenantId))?.quotas ?? {};
    return { tenantId, keyId, scopes, quotas };
  };
}
