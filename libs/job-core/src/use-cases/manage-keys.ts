import { type ApiKeyView, type CreateApiKey, LIMITS, type NewApiKey, type RotateApiKey } from '@afterimage/job-schemas';
import { type ApiKeyParts, apiKeyText, secretSha256 } from '../api-key-text.ts';
import { ProblemError } from '../errors.ts';
import { after } from '../lifecycle.ts';
import type { ApiKey, Clock, KeyStore } from '../ports.ts';

export interface ManageKeysPorts {
  readonly keys: KeyStore;
  readonly now: Clock;
  readonly newKeyParts: () => ApiKeyParts;
}

/** Whether the key works at this time. */
export function isActiveKey({ revokedAt }: Pick<ApiKey, 'revokedAt'>, now: Date): boolean {
  return revokedAt === null || revokedAt > now.toISOString();
}

function present({ keyId, name, scopes, createdAt, revokedAt }: ApiKey): ApiKeyView {
  return { id: keyId, object: 'api_key', name, scopes: [...scopes], createdAt, revokedAt };
}

function keyNotFound(keyId: string): ProblemError {
  return new ProblemError('not-found', { detail: `there is no key ${keyId}` });
}

/** The management of a tenant's API keys. Each use case throws a ProblemError `not-found` for a key of another tenant. */
export function makeManageKeys({ keys, now, newKeyParts }: ManageKeysPorts) {
  async function find(tenantId: string, keyId: string): Promise<ApiKey> {
    const key = await keys.get(keyId);
    if (key === undefined || key.tenantId !== tenantId) throw keyNotFound(keyId);
    return key;
  }

  async function checkCount(tenantId: string): Promise<void> {
    const active = (await keys.listByTenant(tenantId)).filter((key) => isActiveKey(key, now()));
    const limit = LIMITS.apiKeys.active;
    if (active.length < limit) return;
    const error = { pointer: '#', code: 'too_many', detail: `${limit} keys work already: revoke one first`, limit };
    throw new ProblemError('validation-failed', { detail: 'there are too many keys', errors: [error] });
  }

  /** The secret is in what comes back, and nowhere else. @throws ProblemError `validation-failed` above the limit of keys */
  async function create(tenantId: string, { name, scopes }: CreateApiKey): Promise<NewApiKey> {
    await checkCount(tenantId);
    const { keyId, secret } = newKeyParts();
    const createdAt = now().toISOString();
    const key = { keyId, tenantId, name, scopes, secretSha256: secretSha256(secret), createdAt, revokedAt: null };
    await keys.put(key);
    return { ...present(key), key: apiKeyText({ keyId, secret }) };
  }

  async function end(tenantId: string, keyId: string, at: string): Promise<ApiKey> {
    await find(tenantId, keyId);
    const ended = await keys.endBy(keyId, at);
    if (ended === undefined) throw keyNotFound(keyId);
    return ended;
  }

  async function list(tenantId: string): Promise<ApiKeyView[]> {
    return (await keys.listByTenant(tenantId)).map(present);
  }

  async function get(tenantId: string, keyId: string): Promise<ApiKeyView> {
    return present(await find(tenantId, keyId));
  }

  /**
   * A new key with the name and scopes of this one, which goes on working for the overlap.
   * @throws ProblemError `validation-failed` when the key does not work any more
   */
  async function rotate(tenantId: string, keyId: string, { overlapSeconds }: RotateApiKey): Promise<NewApiKey> {
    const old = await find(tenantId, keyId);
    if (!isActiveKey(old, now())) {
      const error = { pointer: 'id', code: 'revoked', detail: `the key was revoked at ${old.revokedAt}` };
      throw new ProblemError('validation-failed', { detail: 'a revoked key cannot be rotated', errors: [error] });
    }
    // The new key first: a crash in between leaves two keys that work, not none.
    const created = await create(tenantId, { name: old.name, scopes: [...old.scopes] });
    await end(tenantId, keyId, after(now(), overlapSeconds));
    return created;
  }

  /** The key does not work any more; revoking it again changes nothing. */
  async function revoke(tenantId: string, keyId: string): Promise<ApiKeyView> {
    return present(await end(tenantId, keyId, now().toISOString()));
  }

  return { create, list, get, rotate, revoke };
}
export type ManageKeys = ReturnType<typeof makeManageKeys>;
