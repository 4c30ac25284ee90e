import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { ProblemError } from '@afterimage/job-core';
import { signToken, tokenPart } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { type AlbAuthenticateOptions, makeAlbAuthenticate } from './alb-authenticate.ts';
import { makeVerifyAccess, makeVerifyIdentity } from './verify-tokens.ts';

const ALB = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/admin/50dc6c495c0c9188';
const ISSUER = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abcdefghi';
const CLIENT = 'client-1';
const KID = '2f1c9d3e-9f43-4c3a-8a1b-111111111111';
const ACCESS_KID = 'pool-key-1';
const HOUR_SECONDS = 3600;

const alb = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pool = generateKeyPairSync('rsa', { modulusLength: 2048 });

const nowSeconds = () => Math.floor(Date.now() / 1000);

function identityToken(claims: object = {}, header: object = {}, key: KeyObject = alb.privateKey): string {
  const exp = nowSeconds() + HOUR_SECONDS;
  return signToken(
    { typ: 'JWT', alg: 'ES256', kid: KID, signer: ALB, iss: ISSUER, client: CLIENT, exp, ...header },
    { sub: 'user-1', email: 'ada@example.com', iss: ISSUER, exp, ...claims },
    key,
  );
}

function accessToken(claims: object = {}, key: KeyObject = pool.privateKey): string {
  const exp = nowSeconds() + HOUR_SECONDS;
  return signToken(
    { alg: 'RS256', kid: ACCESS_KID },
    { sub: 'user-1', iss: ISSUER, client_id: CLIENT, token_use: 'access', 'cognito:groups': ['ops'], exp, ...claims },
    key,
  );
}

/** What AWS publishes: the balancer's key as PEM under its id, the user pool's as a JWKS. */
const published = {
  async fetch(uri: string): Promise<ArrayBuffer> {
    const { protocol, hostname, pathname } = new URL(uri);
    expect(protocol).toBe('https:');
    const body =
      hostname === 'public-keys.auth.elb.eu-west-1.amazonaws.com'
        ? pathname === `/${KID}` && alb.publicKey.export({ type: 'spki', format: 'pem' }).toString()
        : JSON.stringify({
            keys: [{ ...pool.publicKey.export({ format: 'jwk' }), kid: ACCESS_KID, use: 'sig', alg: 'RS256' }],
          });
    if (body === false) throw new Error('no such key');
    return new TextEncoder().encode(body).buffer;
  },
};

const issuer = { albArn: ALB, issuer: ISSUER, clientId: CLIENT };

function authenticateWith(options: Partial<AlbAuthenticateOptions> = {}) {
  const authenticate = makeAlbAuthenticate({
    verifyIdentity: makeVerifyIdentity(issuer, published),
    verifyAccess: makeVerifyAccess(issuer, published),
    groupsClaim: 'cognito:groups',
    roleGroups: { viewer: ['staff'], operator: ['ops'], admin: ['owners'] },
    ...options,
  });
  return (identity: string | undefined, access: string | undefined) =>
    authenticate(
      new Headers({
        ...(identity === undefined ? {} : { 'x-amzn-oidc-data': identity }),
        ...(access === undefined ? {} : { 'x-amzn-oidc-accesstoken': access }),
      }),
    );
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return error instanceof ProblemError ? error.code : `no problem: ${String(error)}`;
}

describe('operators at the load balancer', () => {
  it.each([
    [['staff'], 'viewer'],
    [['ops'], 'operator'],
    [['staff', 'owners'], 'admin'],
  ])('of the groups %j have the role %s', async (groups, role) => {
    const operator = await authenticateWith()(identityToken(), accessToken({ 'cognito:groups': groups }));

    expect(operator).toEqual({ id: 'user-1', name: 'ada@example.com', role });
  });

  it('may have their groups in the identity itself', async () => {
    const authenticate = authenticateWith({ verifyAccess: undefined, groupsClaim: 'groups' });

    await expect(authenticate(identityToken({ groups: 'staff ops' }), undefined)).resolves.toMatchObject({
      role: 'operator',
    });
  });

  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const otherPool = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const past = nowSeconds() - HOUR_SECONDS;
  it.each<[string, string | undefined, string | undefined]>([
    ['no identity', undefined, accessToken()],
    ['no access token', identityToken(), undefined],
    ['an identity that is no token', 'ada', accessToken()],
    ['an identity signed by another key', identityToken({}, {}, other), accessToken()],
    [
      'an identity that nobody signed',
      `${tokenPart({ alg: 'none', kid: KID, signer: ALB })}.${tokenPart({ sub: 'user-1' })}.`,
      accessToken(),
    ],
    [
      'an identity by another load balancer',
      identityToken({}, { signer: ALB.replace('admin', 'mine') }),
      accessToken(),
    ],
    ['an identity by another issuer', identityToken({ iss: 'https://evil.example' }), accessToken()],
    ['an identity for another client', identityToken({}, { client: 'client-2' }), accessToken()],
    ['an identity that is over', identityToken({ exp: past }, { exp: past }), accessToken()],
    [
      'an identity with an unknown key',
      identityToken({}, { kid: '00000000-0000-0000-0000-000000000000' }),
      accessToken(),
    ],
    ['an identity that names nobody', identityToken({ sub: undefined }), accessToken()],
    ['an access token signed by another key', identityToken(), accessToken({}, otherPool)],
    ['an access token that is over', identityToken(), accessToken({ exp: past })],
    ['an access token by another issuer', identityToken(), accessToken({ iss: 'https://evil.example' })],
    ['an access token for another client', identityToken(), accessToken({ client_id: 'client-2' })],
    ['an access token of somebody else', identityToken(), accessToken({ sub: 'user-2' })],
  ])('are not signed in with %s', async (_, identity, access) => {
    expect(await codeOf(authenticateWith()(identity, access))).toBe('unauthenticated');
  });

  it.each([[[]], [['guests']]])('of the groups %j have no role', async (groups) => {
    const access = accessToken({ 'cognito:groups': groups });

    expect(await codeOf(authenticateWith()(identityToken(), access))).toBe('insufficient-scope');
  });
});
