import type { KeyStore, TenantStore } from '@afterimage/job-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { anApiKey, aTenant } from '../builders/message-builders.ts';

/** Holds a {@link KeyStore} to its port. */
export function describeKeyStoreContract(name: string, makeStore: () => KeyStore | Promise<KeyStore>): void {
  describe(`${name} as a key store`, () => {
    let store: KeyStore;

    beforeAll(async () => {
      store = await makeStore();
    });

    it('keeps a key as it was given, however often', async () => {
      const key = anApiKey();

      await store.put(key);
      await store.put(key);

      expect(await store.get(key.keyId)).toStrictEqual(key);
    });

    it('replaces a key that was revoked', async () => {
      const key = anApiKey();
      await store.put(key);

      const revoked = { ...key, revokedAt: '2026-01-03T00:00:00.000Z' };
      await store.put(revoked);

      expect(await store.get(key.keyId)).toStrictEqual(revoked);
    });

    it('yields undefined for a key that is not there', async () => {
      const { keyId } = anApiKey();

      expect(await store.get(keyId)).toBeUndefined();
      expect(await store.endBy(keyId, '2026-01-03T00:00:00.000Z')).toBeUndefined();
    });

    it('lists the keys of one tenant, the newest first, revoked ones too', async () => {
      const { tenantId } = aTenant();
      const old = anApiKey({ tenantId, createdAt: '2026-01-01T00:00:00.000Z', revokedAt: '2026-01-02T00:00:00.000Z' });
      const young = anApiKey({ tenantId, createdAt: '2026-01-03T00:00:00.000Z' });
      for (const key of [old, young, anApiKey({ tenantId: aTenant().tenantId })]) await store.put(key);

      expect(await store.listByTenant(tenantId)).toStrictEqual([young, old]);
      expect(await store.listByTenant(aTenant().tenantId)).toStrictEqual([]);
    });

    it('ends a key at the earliest of the times that it is given', async () => {
      const key = anApiKey();
      await store.put(key);
      const endBy = async (at: string) => (await store.endBy(key.keyId, at))?.revokedAt;

      expect(await endBy('2026-01-05T00:00:00.000Z')).toBe('2026-01-05T00:00:00.000Z');
      expect(await endBy('2026-01-03T00:00:00.000Z')).toBe('2026-01-03T00:00:00.000Z');
      expect(await endBy('2026-01-03T00:00:00.000Z')).toBe('2026-01-03T00:00:00.000Z');
      expect(await endBy('2026-01-04T00:00:00.000Z')).toBe('2026-01-03T00:00:00.000Z');
      expect(await store.get(key.keyId)).toStrictEqual({ ...key, revokedAt: '2026-01-03T00:00:00.000Z' });
    });
  });
}

/** Holds a {@link TenantStore} to its port. */
export function describeTenantStoreContract(name: string, makeStore: () => TenantStore | Promise<TenantStore>): void {
  describe(`${name} as a tenant store`, () => {
    let store: TenantStore;

    beforeAll(async () => {
      store = await makeStore();
    });

    it('keeps a tenant as it was given, however often', async () => {
      const tenant = aTenant();

      await store.put(tenant);
      await store.put(tenant);

      expect(await store.get(tenant.tenantId)).toStrictEqual(tenant);
    });

    it('replaces the secrets of a tenant, their order kept', async () => {
      const tenant = aTenant({ webhookSecrets: ['whsec_b2xk'] });
      await store.put(tenant);

      const rotated = { ...tenant, webhookSecrets: ['whsec_bmV3', 'whsec_b2xk'] };
      await store.put(rotated);

      expect(await store.get(tenant.tenantId)).toStrictEqual(rotated);
    });

    it('yields undefined for a tenant that is not there', async () => {
      expect(await store.get(aTenant().tenantId)).toBeUndefined();
    });

    it('creates a tenant once', async () => {
      const tenant = aTenant({ quotas: { queuedJobs: 5 } });

      expect(await store.create(tenant)).toBe(true);
      expect(await store.create({ ...tenant, quotas: {} })).toBe(false);

      expect(await store.get(tenant.tenantId)).toStrictEqual(tenant);
    });

    it('replaces the quotas of a tenant that there is, and nothing else', async () => {
      const tenant = aTenant({ quotas: { queuedJobs: 5 } });
      await store.create(tenant);
      const quotas = { runningJobs: 2 };

      expect(await store.setQuotas(tenant.tenantId, quotas)).toBe(true);
      expect(await store.setQuotas(tenant.tenantId, quotas)).toBe(true);
      expect(await store.setQuotas(aTenant().tenantId, quotas)).toBe(false);

      expect(await store.get(tenant.tenantId)).toStrictEqual({ ...tenant, quotas });
    });

    it('lists every tenant once, page by page', async () => {
      const added = [aTenant(), aTenant(), aTenant()];
      for (const tenant of added) await store.create(tenant);
      const seen: string[] = [];
      let after: string | null = null;

      do {
        const page: Awaited<ReturnType<TenantStore['list']>> = await store.list({
          limit: 2,
          ...(after === null ? {} : { after }),
        });
        seen.push(...page.tenants.map(({ tenantId }) => tenantId));
        after = page.next;
      } while (after !== null);

      expect(seen).toStrictEqual([...new Set(seen)].sort());
      expect(seen).toStrictEqual(expect.arrayContaining(added.map(({ tenantId }) => tenantId)));
    });
  });
}
