/** Prefix of each kind of id; the kind can be told from the id alone. */
export type IdPrefix = 'job' | 'upl' | 'evt' | 'whe' | 'whd' | 'bat';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BODY_LENGTH = 26;

/** Matches an id of the given kind: prefix, underscore and 26 Crockford base-32 characters. */
export function idPattern(prefix: IdPrefix): RegExp {
  return new RegExp(`^${prefix}_[${CROCKFORD}]{${BODY_LENGTH}}$`);
}

/**
 * Writes 128 bits as an id. The same bytes give the same id, so an id can be derived from a hash.
 * @param bytes at least 16 bytes; those after the 16th are not used
 * @throws RangeError when there are fewer than 16 bytes
 */
export function encodeId(prefix: IdPrefix, bytes: Uint8Array): string {
  if (bytes.length < 16) throw new RangeError(`an id needs 16 bytes, got ${bytes.length}`);
  let value = 0n;
  for (const byte of bytes.subarray(0, 16)) value = (value << 8n) | BigInt(byte);
  let body = '';
  for (let i = 0; i < BODY_LENGTH; i++) {
    body = CROCKFORD.charAt(Number(value & 31n)) + body;
    value >>= 5n;
  }
  return `${prefix}_${body}`;
}
