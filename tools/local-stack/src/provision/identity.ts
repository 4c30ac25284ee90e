import { createHash, randomBytes, randomInt } from 'node:crypto';
import { SCOPES } from '@afterimage/app-config';
import type { KeyStore, TenantStore } from '@afterimage/job-core';

export const LOCAL_TENANT = 'local';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY_ID_LENGTH = 12;
const SECRET_LENGTH = 40;
const WEBHOOK_SECRET_BYTES = 24;
const KEY_FORMAT = /^ai_([0-9A-Za-z]{12})_([0-9A-Za-z]{32,})$/;

function randomBase62(length: number): string {
  return Array.from({ length }, () => BASE62.charAt(randomInt(BASE62.length))).join('');
}

/** A new API key, `ai_<keyId>_<secret>`. */
export function newApiKey(): string {
  return `ai_${randomBase62(KEY_ID_LENGTH)}_${randomBase62(SECRET_LENGTH)}`;
}

/** Stores the key, with every scope, unless it is there. @throws Error when it is not an API key */
export async function ensureApiKey(keys: KeyStore, apiKey: string): Promise<void> {
  const [, keyId, secret] = KEY_FORMAT.exec(apiKey) ?? [];
  if (keyId === undefined || secret === undefined) throw new Error('the API key has not the form ai_<keyId>_<secret>');
  const secretSha256 = createHash('sha256').update(secret).digest('hex');
  if ((await keys.get(keyId))?.secretSha256 === secretSha256) return;
  const createdAt = new Date().toISOString();
  await keys.put({ keyId, tenantId: LOCAL_TENANT, scopes: [...SCOPES], secretSha256, createdAt, revokedAt: null });
}

/** The webhook secrets of the local tenant, which is made unless it is there. */
export async function ensureTenant(tenants: TenantStore): Promise<readonly string[]> {
  const existing = await tenants.get(LOCAL_TENANT);
  if (existing !== undefined) return existing.webhookSecrets;
  const webhookSecrets = [`whsec_${randomBytes(WEBHOOK_SECRET_BYTES).toString('base64')}`];
  await tenants.put({ tenantId: LOCAL_TENANT, webhookSecrets });
  return webhookSecrets;
}
