import { createHash, timingSafeEqual } from 'node:crypto';

const FORMAT = /^ai_([A-Za-z0-9]{8,32})_([A-Za-z0-9]{32,128})$/;

export interface PresentedKey {
  readonly keyId: string;
  readonly secret: string;
}

/** Reads `Authorization: Bearer ai_<keyId>_<secret>`, or the same value in `x-api-key`; undefined when neither is one. */
export function presentedKey(headers: Readonly<Record<string, string | undefined>>): PresentedKey | undefined {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const bearer = /^Bearer +(\S+)$/i.exec(byName.get('authorization') ?? '')?.[1];
  const match = FORMAT.exec(bearer ?? byName.get('x-api-key') ?? '');
  const [, keyId, secret] = match ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret };
}

/** Whether the secret has this SHA-256 (hex), in time that does not depend on where they differ. */
export function secretMatches(secret: string, sha256Hex: string): boolean {
  const expected = Buffer.from(sha256Hex, 'hex');
  const actual = createHash('sha256').update(secret).digest();
  return expected.byteLength === actual.byteLength && timingSafeEqual(expected, actual);
}
