import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { anApiKey, aTenant, FakeClock, InMemoryKeyStore, InMemoryTenantStore } from '@afterimage/testing';
import { makeAuthorize } from './authorize.ts';
import { allowStage } from './policy.ts';

const SECRET = 'S'.repeat(40);
const KEY_ID = 'KEY00000001';
const KEY = `ai_${KEY_ID}_${SECRET}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function setUp(overrides: Parameters<typeof anApiKey>[0] = {}) {
  const clock = new FakeClock();
  const keys = new InMemoryKeyStore();
  await keys.put(anApiKey({ keyId: KEY_ID, secretSha256: sha256(SECRET), ...overrides }));
  const tenants = new InMemoryTenantStore([aTenant({ tenantId: 'tenant-1', quotas: { queuedJobs: 5 } })]);
  return makeAuthorize({ keys, tenants, now: clock.now });
}

describe('authorize', () => {
  it.each([
    { Authorization: `Bearer ${KEY}` },
    { authorization: `bearer ${KEY}` },
    { 'X-Api-Key': KEY },
    { 'x-api-key': KEY, accept: '*/*' },
  ])('yields the owner of the key in %o', async (headers) => {
    const authorize = await setUp();

    expect(await authorize(headers)).toEqual({
      tenantId: 'tenant-1',
      keyId: KEY_ID,
      scopes: ['jobs:read', 'jobs:write'],
      quotas: { queuedJobs: 5 },
    });
  });

  it.each([
    ['no header', {}],
    ['an unknown key', { authorization: `Bearer ai_KEY00000002_${SECRET}` }],
    ['a wrong secret', { authorization: `Bearer ai_${KEY_ID}_${'T'.repeat(40)}` }],
    ['the key without its scheme', { authorization: KEY }],
    ['another scheme', { authorization: `Basic ${KEY}` }],
    ['a key that goes on', { authorization: `Bearer ${KEY}!` }],
    ['a wrong bearer beside a right x-api-key', { authorization: `Bearer ai_${KEY_ID}_x`, 'x-api-key': KEY }],
  ])('refuses %s', async (_name, headers) => {
    const authorize = await setUp();

    expect(await authorize(headers)).toBeUndefined();
  });

  it('yields no quotas for a tenant without a profile, which has the defaults', async () => {
    const authorize = await setUp({ tenantId: 'tenant-2' });

    expect(await authorize({ 'x-api-key': KEY })).toMatchObject({ tenantId: 'tenant-2', quotas: {} });
  });

  it('refuses a revoked key, and not one whose revocation lies ahead', async () => {
    const revoked = await setUp({ revokedAt: '2026-01-02T03:04:05.678Z' });
    const rotated = await setUp({ revokedAt: '2026-01-02T03:05:00.000Z' });

    expect(await revoked({ 'x-api-key': KEY })).toBeUndefined();
    expect(await rotated({ 'x-api-key': KEY })).toBeDefined();
  });
});

describe('allowStage', () => {
  it('allows every route of the stage, since the answer is kept for the key', () => {
    const arn = 'arn:aws:execute-api:us-east-1:123456789012:abcdef/prod/GET/v1/jobs/job_1';
    const policy = allowStage({ tenantId: 't', keyId: 'k', scopes: ['a', 'b'], quotas: { queuedJobs: 5 } }, arn);

    expect(policy.policyDocument.Statement[0]).toMatchObject({
      Effect: 'Allow',
      Resource: 'arn:aws:execute-api:us-east-1:123456789012:abcdef/prod/*',
    });
    expect(policy.context).toEqual({ tenantId: 't', keyId: 'k', scopes: 'a b', quotas: '{"queuedJobs":5}' });
  });
});
