import type { Principal } from '@afterimage/app-host/lambda';
import type { Clock, KeyStore } from '@afterimage/job-core';
import { presentedKey, secretMatches } from './api-key.ts';

export interface AuthorizePorts {
  readonly keys: KeyStore;
  readonly now: Clock;
}

/** The owner of the key in the headers; undefined when there is no key, or it is unknown, wrong or revoked. */
export function makeAuthorize({ keys, now }: AuthorizePorts) {
  return async function authorize(
    headers: Readonly<Record<string, string | undefined>>,
  ): Promise<Principal | undefined> {
    const presented = presentedKey(headers);
    if (presented === undefined) return undefined;
    const key = await keys.get(presented.keyId);
    if (key === undefined || !secretMatches(presented.secret, key.secretSha256)) return undefined;
    if (key.revokedAt !== null && key.revokedAt <= now().toISOString()) return undefined;
    return { tenantId: key.tenantId, keyId: key.keyId, scopes: key.scopes };
  };
}
