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
      expect(await store.get(anApiKey().keyId)).toBeUndefined();
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
  });
}
