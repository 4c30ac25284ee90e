import { timingSafeEqual } from 'node:crypto';
import { type ApiKeyParts, parseApiKeyText, secretSha256 } from '@afterimage/job-core';

/** Reads `Authorization: Bearer ai_<keyId>_<secret>`, or the same value in `x-api-key`; undefined when neither is one. */
export function presentedKey(headers: Readonly<Record<string, string | undefined>>): ApiKeyParts | undefined {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const bearer = /^Bearer +(\S+)$/i.exec(byName.get('authorization') ?? '')?.[1];
  return parseApiKeyText(bearer ?? byName.get('x-api-key') ?? '');
}

/** Whether the secret has this SHA-256 (hex), in time that does not depend on where they differ. */
export function secretMatches(secret: string, sha256Hex: string): boolean {
  const expected = Buffer.from(sha256Hex, 'hex');
  const actual = Buffer.from(secretSha256(secret), 'hex');
  return expected.byteLength === actual.byteLength && timingSafeEqual(expected, actual);
}
