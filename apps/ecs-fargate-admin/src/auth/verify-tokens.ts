import { AlbJwtVerifier, JwtVerifier } from 'aws-jwt-verify';
import { AlbJwksCache } from 'aws-jwt-verify/alb-cache';
import type { Fetcher } from 'aws-jwt-verify/https';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { VerifyToken } from './alb-authenticate.ts';

export interface TokenIssuer {
  readonly albArn: string;
  /** As in the `iss` claim. */
  readonly issuer: string;
  readonly clientId: string;
}

/**
 * Verifies what an Application Load Balancer signed: ES256 by a key of its region, this balancer as the signer, the issuer,
 * the client and the expiry. Keys are fetched within the library's 1.5 seconds, and kept.
 */
export function makeVerifyIdentity({ albArn, issuer, clientId }: TokenIssuer, fetcher?: Fetcher): VerifyToken {
  const cache = fetcher === undefined ? undefined : { jwksCache: new AlbJwksCache({ fetcher }) };
  const verifier = AlbJwtVerifier.create({ albArn, issuer, clientId }, cache);
  return (token) => verifier.verify(token);
}

/**
 * Verifies an access token of the identity provider against the keys that it publishes. Cognito's names the client in
 * `client_id` and no audience, that of others the other way round.
 */
export function makeVerifyAccess({ issuer, clientId }: TokenIssuer, fetcher?: Fetcher): VerifyToken {
  const cache = fetcher === undefined ? undefined : { jwksCache: new SimpleJwksCache({ fetcher }) };
  const verifier = JwtVerifier.create({ issuer, audience: null }, cache);
  return async (token) => {
    const payload = await verifier.verify(token);
    const audience = payload['client_id'] ?? payload.aud;
    if (![audience].flat().includes(clientId)) throw new Error('the access token is for another client');
    return payload;
  };
}
