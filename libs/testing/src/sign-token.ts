import { createSign, type KeyObject } from 'node:crypto';

/** A part of a JSON Web Token before its signature. */
export function tokenPart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A JSON Web Token (RFC 7519) that is signed with SHA-256: ES256 by an EC key, RS256 by an RSA key. The header has to say which. */
export function signToken(header: object, claims: object, key: KeyObject): string {
  const input = `${tokenPart(header)}.${tokenPart(claims)}`;
  const signature = createSign('sha256').update(input).sign({ key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}
