import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/** A sealed secret that none of the keys opens, or that was sealed for something else. It holds neither. */
export class SealError extends Error {
  override readonly name = 'SealError';
  readonly code = 'seal';
}

/** Encrypts secrets for the store. */
export interface SecretBox {
  /** @param context what the secret belongs to; it opens for the same context alone */
  seal(secret: string, context: string): string;
  /** @throws SealError */
  open(sealed: string, context: string): string;
}

const keyIdOf = (key: Uint8Array) => createHash('sha256').update(key).digest('base64url').slice(0, 8);

/**
 * AES-256-GCM.
 * @param keys 32 bytes each; the first one seals, all of them open, so that a key can be rotated
 * @param randomBytes of the given length, never the same twice
 */
export function makeSecretBox(
  keys: readonly [Uint8Array, ...Uint8Array[]],
  randomBytes: (length: number) => Uint8Array,
): SecretBox {
  const byId = new Map(keys.map((key) => [keyIdOf(key), key]));
  const [sealing] = keys;
  return {
    seal(secret, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, sealing, iv).setAAD(Buffer.from(context));
      const bytes = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, keyIdOf(sealing), bytes.toString('base64url')].join('.');
    },
    open(sealed, context) {
      const [version, keyId = '', text = ''] = sealed.split('.');
      const key = byId.get(keyId);
      if (version !== VERSION || key === undefined) throw new SealError('a secret was sealed with a key that is gone');
      const bytes = Buffer.from(text, 'base64url');
      try {
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES)).setAAD(Buffer.from(context));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        const end = bytes.length - TAG_BYTES;
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, end)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new SealError('a sealed secret is damaged, or belongs to something else', { cause });
      }
    },
  };
}
