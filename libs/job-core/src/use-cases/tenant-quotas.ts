import { quotasOf, type TenantQuotas } from '@afterimage/job-schemas';
import type { Clock, TenantStore } from '../ports.ts';

/** A new quota holds this much later; the gateway keeps its answers as long. */
const KEPT_MS = 60_000;
/** Tenants remembered before all are forgotten. */
const MAX_TENANTS = 10_000;

export interface TenantQuotasPorts {
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly now: Clock;
}

/** What a tenant may use, remembered for a minute. */
export function makeTenantQuotas({ tenants, now }: TenantQuotasPorts) {
  const known = new Map<string, { readonly quotas: TenantQuotas; readonly untilMs: number }>();

  return async function quotasOfTenant(tenantId: string): Promise<TenantQuotas> {
    const nowMs = now().getTime();
    const kept = known.get(tenantId);
    if (kept !== undefined && kept.untilMs > nowMs) return kept.quotas;
    const quotas = quotasOf((await tenants.get(tenantId))?.quotas ?? {});
    if (known.size >= MAX_TENANTS) known.clear();
    known.set(tenantId, { quotas, untilMs: nowMs + KEPT_MS });
    return quotas;
  };
}
