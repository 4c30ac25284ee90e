/** The text of an API key, `ai_<keyId>_<secret>`: the id is no secret, and only a hash of the secret is ever stored. */
import { createHash } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY_ID_LENGTH = 12;
/** 238 random bits: enough that a plain hash cannot be searched. */
const SECRET_LENGTH = 40;
const FORMAT = /^ai_([A-Za-z0-9]{8,32})_([A-Za-z0-9]{32,128})$/;

export interface ApiKeyParts {
  readonly keyId: string;
  readonly secret: string;
}

/** The parts of a key; undefined when the text is none. */
export function parseApiKeyText(text: string): ApiKeyParts | undefined {
  const [, keyId, secret] = FORMAT.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret };
}

/** The text of a key. */
export function apiKeyText({ keyId, secret }: ApiKeyParts): string {
  return `ai_${keyId}_${secret}`;
}

/** @param randomBelow a whole number from 0 to below `limit`, of cryptographic quality */
export function newApiKeyParts(randomBelow: (limit: number) => number): ApiKeyParts {
  const text = (length: number) => Array.from({ length }, () => BASE62.charAt(randomBelow(BASE62.length))).join('');
  return { keyId: text(KEY_ID_LENGTH), secret: text(SECRET_LENGTH) };
}

/** What is stored of a secret: its SHA-256, in hex. */
export function secretSha256(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
