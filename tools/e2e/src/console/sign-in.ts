import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Role } from '@afterimage/admin-schemas';
import { signToken } from '@afterimage/testing';

const REGION = 'eu-west-1';
const ALB = `arn:aws:elasticloadbalancing:${REGION}:123456789012:loadbalancer/app/admin/50dc6c495c0c9188`;
const POOL = `/${REGION}_abcdefghi`;
const ISSUER = `https://cognito-idp.${REGION}.amazonaws.com${POOL}`;
const CLIENT = 'client-1';
const ALB_KEY = '2f1c9d3e-9f43-4c3a-8a1b-111111111111';
const POOL_KEY = 'pool-key-1';
const HOUR_SECONDS = 3600;
const GROUPS: Readonly<Record<Role, string>> = { viewer: 'staff', operator: 'on-call', admin: 'leads' };

/** The headers that the load balancer puts on each request of somebody who is signed in. */
export type SignedIn = Readonly<Record<'x-amzn-oidc-data' | 'x-amzn-oidc-accesstoken', string>>;

export interface SignInOptions {
  readonly groups?: readonly string[];
  /** When the sign-in is over, in seconds from now; negative for one that is. */
  readonly endsInSeconds?: number;
  /** Signs the identity with a key that nobody published. */
  readonly isForged?: boolean;
}

/** A load balancer and an identity provider that sign as AWS does, and the server of what they publish. */
export interface SignIn {
  /** Variables of the console that is behind them. */
  readonly env: Readonly<Record<string, string>>;
  headers(role: Role, options?: SignInOptions): SignedIn;
  stop(): void;
}

export async function startSignIn(): Promise<SignIn> {
  const alb = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const forger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pool = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...pool.publicKey.export({ format: 'jwk' }), kid: POOL_KEY, use: 'sig', alg: 'RS256' };
  const published: Readonly<Record<string, string>> = {
    [`/${ALB_KEY}`]: alb.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    [`${POOL}/.well-known/jwks.json`]: JSON.stringify({ keys: [jwk] }),
  };
  const server = createServer(({ url = '' }, response) => {
    const body = published[url];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the key server has no port');

  return {
    env: {
      AUTHENTICATION: 'alb',
      ALB_ARN: ALB,
      OIDC_ISSUER: ISSUER,
      OIDC_CLIENT_ID: CLIENT,
      VIEWER_GROUPS: GROUPS.viewer,
      OPERATOR_GROUPS: GROUPS.operator,
      ADMIN_GROUPS: GROUPS.admin,
      KEY_SERVER_URL: `http://127.0.0.1:${address.port}`,
      NODE_OPTIONS: `--import ${fileURLToPath(new URL('published-keys.ts', import.meta.url))}`,
    },
    headers: (role, { groups = [GROUPS[role]], endsInSeconds = HOUR_SECONDS, isForged = false } = {}) => {
      const exp = Math.floor(Date.now() / 1000) + endsInSeconds;
      const who = { sub: `user-${role}`, iss: ISSUER, exp };
      const signer = { typ: 'JWT', alg: 'ES256', kid: ALB_KEY, signer: ALB, iss: ISSUER, client: CLIENT, exp };
      const email = `${role}@example.com`;
      return {
        'x-amzn-oidc-data': signToken(signer, { ...who, email }, isForged ? forger.privateKey : alb.privateKey),
        'x-amzn-oidc-accesstoken': signToken(
          { alg: 'RS256', kid: POOL_KEY },
          { ...who, client_id: CLIENT, token_use: 'access', 'cognito:groups': groups },
          pool.privateKey,
        ),
      };
    },
    stop: () => server.close(),
  };
}
