import * as z from 'zod';
import { LIMITS } from './limits.ts';

const { quotas } = LIMITS;
const quota = z.int().min(1).max(quotas.max);

/** What a tenant may use. */
export const tenantQuotasSchema = z.strictObject({
  /** Requests a minute that create jobs. */
  createPerMinute: quota,
  /** Other requests a minute. */
  requestsPerMinute: quota,
  /** Jobs that wait at the same time. */
  queuedJobs: quota,
  /** Jobs that run at the same time. */
  runningJobs: quota,
});
export type TenantQuotas = z.infer<typeof tenantQuotasSchema>;

/** What a tenant has otherwise than the others. */
export const quotaOverridesSchema = tenantQuotasSchema.partial();
export type QuotaOverrides = z.infer<typeof quotaOverridesSchema>;

/** A tenant's quotas: its own, and the defaults for the rest. */
export function quotasOf(overrides: QuotaOverrides): TenantQuotas {
  const { createPerMinute, requestsPerMinute, queuedJobs, runningJobs } = overrides;
  return {
    createPerMinute: createPerMinute ?? quotas.default.createPerMinute,
    requestsPerMinute: requestsPerMinute ?? quotas.default.requestsPerMinute,
    queuedJobs: queuedJobs ?? quotas.default.queuedJobs,
    runningJobs: runningJobs ?? quotas.default.runningJobs,
  };
}
