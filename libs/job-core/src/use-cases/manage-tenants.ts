import { type QuotaOverrides, quotaOverridesSchema, quotasOf, type TenantQuotas } from '@afterimage/job-schemas';
import { ProblemError } from '../errors.ts';
import type { Tenant, TenantStore } from '../ports.ts';

export interface ManageTenantsPorts {
  readonly tenants: TenantStore;
  /** `whsec_…` */
  readonly newWebhookSecret: () => string;
}

/** Part of keys of items and of objects, so that nothing else must come through. */
const TENANT_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

function tenantNotFound(tenantId: string): ProblemError {
  return new ProblemError('not-found', { detail: `there is no tenant ${tenantId}` });
}

/** A tenant as operators see it: never its secrets. */
export interface TenantView {
  readonly id: string;
  /** What the tenant may use. */
  readonly quotas: TenantQuotas;
  /** What of that is its own, not the default. */
  readonly overrides: QuotaOverrides;
}

function present({ tenantId, quotas }: Tenant): TenantView {
  return { id: tenantId, quotas: quotasOf(quotas), overrides: quotas };
}

/** The operator's management of tenants. */
export function makeManageTenants({ tenants, newWebhookSecret }: ManageTenantsPorts) {
  /** @throws ProblemError `validation-failed` for an id that is taken or wrong */
  async function create(tenantId: string, quotas: QuotaOverrides = {}): Promise<TenantView> {
    const refuse = (code: string, detail: string) =>
      new ProblemError('validation-failed', {
        detail: '1 field is invalid',
        errors: [{ pointer: '#/id', code, detail }],
      });
    if (!TENANT_ID.test(tenantId)) {
      throw refuse('invalid_format', `must be 1 to 63 lower-case letters, digits and hyphens, got "${tenantId}"`);
    }
    const tenant = { tenantId, webhookSecrets: [newWebhookSecret()], quotas: quotaOverridesSchema.parse(quotas) };
    if (!(await tenants.create(tenant))) throw refuse('taken', `must be a new id, "${tenantId}" is taken`);
    return present(tenant);
  }

  /** @throws ProblemError `not-found` */
  async function get(tenantId: string): Promise<TenantView> {
    const tenant = await tenants.get(tenantId);
    if (tenant === undefined) throw tenantNotFound(tenantId);
    return present(tenant);
  }

  async function list(page: { readonly limit: number; readonly after?: string }) {
    const { tenants: found, next } = await tenants.list(page);
    return { tenants: found.map(present), next };
  }

  /** Replaces what the tenant has otherwise than the defaults. @throws ProblemError `not-found` */
  async function setQuotas(tenantId: string, quotas: QuotaOverrides): Promise<TenantView> {
    const overrides = quotaOverridesSchema.parse(quotas);
    if (!(await tenants.setQuotas(tenantId, overrides))) throw tenantNotFound(tenantId);
    return { id: tenantId, quotas: quotasOf(overrides), overrides };
  }

  return { create, get, list, setQuotas };
}
export type ManageTenants = ReturnType<typeof makeManageTenants>;
