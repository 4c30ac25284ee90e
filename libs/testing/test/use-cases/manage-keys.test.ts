import { describe, expect, it } from 'vitest';
import { anApiKey, FakeClock, InMemoryKeyStore } from '../../src/index.ts';
import { newApiKeyParts, parseApiKeyText, secretSha256, isActiveKey, makeManageKeys } from '@afterimage/job-core';

const REQUEST = { name: 'build server', scopes: ['jobs:read', 'jobs:write'] as const };

function setUp(keys = new InMemoryKeyStore()) {
  const clock = new FakeClock();
  let next = 0;
  const manage = makeManageKeys({ keys, now: clock.now, newKeyParts: () => newApiKeyParts((limit) => next++ % limit) });
  const worksAt = async (keyId: string) => {
    const key = await keys.get(keyId);
    return key !== undefined && isActiveKey(key, clock.now());
  };
  const create = (tenantId = 'tenant-1') => manage.create(tenantId, { ...REQUEST, scopes: [...REQUEST.scopes] });
  return { clock, keys, manage, create, worksAt };
}

describe('a new key', () => {
  it('shows its secret once, and only the hash of it is stored', async () => {
    const { keys, manage, create } = setUp();

    const created = await create();

    const parts = parseApiKeyText(created.key);
    expect(parts?.keyId).toBe(created.id);
    expect(await keys.get(created.id)).toMatchObject({ secretSha256: secretSha256(parts?.secret ?? '') });
    const shown = JSON.stringify([
      await manage.list('tenant-1'),
      await manage.get('tenant-1', created.id),
      await keys.get(created.id),
    ]);
    expect(shown).not.toContain(parts?.secret);
  });

  it('is refused when a hundred keys work, until one is revoked', async () => {
    const many = Array.from({ length: 100 }, () => anApiKey());
    const { manage, create } = setUp(new InMemoryKeyStore(many));

    await expect(create()).rejects.toMatchObject({ code: 'validation-failed', details: { errors: [{ limit: 100 }] } });
    await manage.revoke('tenant-1', many[0]?.keyId ?? '');

    await expect(create()).resolves.toMatchObject({ name: 'build server' });
  });
});

describe('a rotation', () => {
  it('makes a key of the same name and scopes, and ends the old one after the overlap', async () => {
    const { clock, manage, create, worksAt } = setUp();
    const old = await create();

    const young = await manage.rotate('tenant-1', old.id, { overlapSeconds: 60 });

    expect(young).toMatchObject({ name: old.name, scopes: old.scopes, revokedAt: null });
    expect(young.key).not.toBe(old.key);
    clock.advance(59_999);
    expect([await worksAt(old.id), await worksAt(young.id)]).toEqual([true, true]);
    clock.advance(1);
    expect([await worksAt(old.id), await worksAt(young.id)]).toEqual([false, true]);
  });

  it('never makes a key work longer that is about to end', async () => {
    const { manage, create } = setUp();
    const old = await create();
    await manage.rotate('tenant-1', old.id, { overlapSeconds: 60 });
    const { revokedAt } = await manage.get('tenant-1', old.id);

    await manage.rotate('tenant-1', old.id, { overlapSeconds: 3600 });

    expect((await manage.get('tenant-1', old.id)).revokedAt).toBe(revokedAt);
  });

  it('is refused for a key that was revoked', async () => {
    const { manage, create } = setUp();
    const { id } = await create();
    await manage.revoke('tenant-1', id);

    await expect(manage.rotate('tenant-1', id, { overlapSeconds: 0 })).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ code: 'revoked' }] },
    });
  });
});

describe('a revocation', () => {
  it('ends the key at once, and is the same a second time', async () => {
    const { clock, manage, create, worksAt } = setUp();
    const { id } = await create();

    const first = await manage.revoke('tenant-1', id);
    clock.advance(1000);

    expect(await worksAt(id)).toBe(false);
    expect(await manage.revoke('tenant-1', id)).toEqual(first);
  });
});

describe('the keys of another tenant', () => {
  it('are not found, by no use case', async () => {
    const { manage, create, worksAt } = setUp();
    const { id } = await create('tenant-1');
    const uses = [
      () => manage.get('tenant-2', id),
      () => manage.rotate('tenant-2', id, { overlapSeconds: 0 }),
      () => manage.revoke('tenant-2', id),
    ];

    for (const use of uses) await expect(use()).rejects.toMatchObject({ code: 'not-found' });
    expect(await manage.list('tenant-2')).toEqual([]);
    expect(await worksAt(id)).toBe(true);
  });
});
