import type { ApiKey, KeyStore, Tenant, TenantStore } from '@afterimage/job-core';

/** API keys in a map. */
export class InMemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, ApiKey>();

  constructor(keys: Iterable<ApiKey> = []) {
    for (const key of keys) this.#keys.set(key.keyId, structuredClone(key));
  }

  async get(keyId: string): Promise<ApiKey | undefined> {
    return structuredClone(this.#keys.get(keyId));
  }

  async put(key: ApiKey): Promise<void> {
    this.#keys.set(key.keyId, structuredClone(key));
  }
}

/** Tenants in a map. */
export class InMemoryTenantStore implements TenantStore {
  readonly #tenants = new Map<string, Tenant>();

  constructor(tenants: Iterable<Tenant> = []) {
    for (const tenant of tenants) this.#tenants.set(tenant.tenantId, structuredClone(tenant));
  }

  async get(tenantId: string): Promise<Tenant | undefined> {
    return structuredClone(this.#tenants.get(tenantId));
  }

  async put(tenant: Tenant): Promise<void> {
    this.#tenants.set(tenant.tenantId, structuredClone(tenant));
  }
}
