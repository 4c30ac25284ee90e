import type { ApiKey, KeyStore, Tenant, TenantStore } from '@afterimage/job-core';
import type { QuotaOverrides } from '@afterimage/job-schemas';

const sortKey = ({ createdAt, keyId }: ApiKey) => `${createdAt}#${keyId}`;

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

  async listByTenant(tenantId: string): Promise<ApiKey[]> {
    const newestFirst = (a: ApiKey, b: ApiKey) => (sortKey(a) < sortKey(b) ? 1 : -1);
    const keys = [...this.#keys.values()].filter((key) => key.tenantId === tenantId);
    return structuredClone(keys.sort(newestFirst));
  }

  async endBy(keyId: string, at: string): Promise<ApiKey | undefined> {
    const key = this.#keys.get(keyId);
    if (key === undefined) return undefined;
    const revokedAt = key.revokedAt !== null && key.revokedAt < at ? key.revokedAt : at;
    this.#keys.set(keyId, { ...key, revokedAt });
    return this.get(keyId);
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
  async create(tenant: Tenant): Promise<boolean> {
    if (this.#tenants.has(tenant.tenantId)) return false;
    await this.put(tenant);
    return true;
  }

  async setQuotas(tenantId: string, quotas: QuotaOverrides): Promise<boolean> {
    const tenant = this.#tenants.get(tenantId);
    if (tenant === undefined) return false;
    await this.put({ ...tenant, quotas });
    return true;
  }

  async list({
    limit,
    after = '',
  }: {
    limit: number;
    after?: string;
  }): Promise<{ tenants: Tenant[]; next: string | null }> {
    const rest = [...this.#tenants.values()]
      .filter(({ tenantId }) => tenantId > after)
      .sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
    const tenants = structuredClone(rest.slice(0, limit));
    return { tenants, next: rest.length > limit ? (tenants.at(-1)?.tenantId ?? null) : null };
  }
}
