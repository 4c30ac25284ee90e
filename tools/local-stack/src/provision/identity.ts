import { randomBytes, randomInt } from 'node:crypto';
import { SCOPES } from '@afterimage/app-config';
import {
  apiKeyText,
  type KeyStore,
  newApiKeyParts,
  parseApiKeyText,
  secretSha256,
  type TenantStore,
} from '@afterimage/job-core';

export const LOCAL_TENANT = 'local';

/** A tenant alone on its machine: what keeps tenants from each other would only slow down load tests. */
const LOCAL_QUOTAS = {
  createPerMinute: 100_000,
  requestsPerMinute: 1_000_000,
  queuedJobs: 100_000,
  runningJobs: 1000,
};
const WEBHOOK_SECRET_BYTES = 24;

/** A new API key, `ai_<keyId>_<secret>`. */
export function newApiKey(): string {
  return apiKeyText(newApiKeyParts((limit) => randomInt(limit)));
}

/** Stores the key, with every scope, unless it is there. @throws Error when it is not an API key */
export async function ensureApiKey(keys: KeyStore, apiKey: string): Promise<void> {
  const parts = parseApiKeyText(apiKey);
  if (parts === undefined) throw new Error('the API key has not the form ai_<keyId>_<secret>');
  const { keyId, secret } = parts;
  const hash = secretSha256(secret);
  if ((await keys.get(keyId))?.secretSha256 === hash) return;
  const createdAt = new Date().toISOString();
  await keys.put({
    keyId,
    tenantId: LOCAL_TENANT,
    name: 'local stack',
    scopes: [...SCOPES],
    secretSha256: hash,
    createdAt,
    revokedAt: null,
  });
}

/** The webhook secrets of the local tenant, which is made unless it is there. */
export async function ensureTenant(tenants: TenantStore): Promise<readonly string[]> {
  const existing = await tenants.get(LOCAL_TENANT);
  if (existing !== undefined) return existing.webhookSecrets;
  const webhookSecrets = [`whsec_${randomBytes(WEBHOOK_SECRET_BYTES).toString('base64')}`];
  await tenants.put({ tenantId: LOCAL_TENANT, webhookSecrets, quotas: LOCAL_QUOTAS });
  return webhookSecrets;
}
