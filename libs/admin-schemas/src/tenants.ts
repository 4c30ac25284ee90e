import {
  apiKeySchema,
  createApiKeySchema,
  quotaOverridesSchema,
  rotateApiKeySchema,
  tenantQuotasSchema,
} from '@afterimage/job-schemas';
import * as z from 'zod';
import { actSchema } from './acts.ts';
import { pageOf, pageQuerySchema } from './page.ts';

export const tenantViewSchema = z.object({
  id: z.string(),
  /** What the tenant may use. */
  quotas: tenantQuotasSchema,
  /** What of that is its own, not the default. */
  overrides: quotaOverridesSchema,
});
export type TenantView = z.infer<typeof tenantViewSchema>;

export const tenantQuerySchema = pageQuerySchema;
export const tenantPageSchema = pageOf(tenantViewSchema);
export type TenantPage = z.infer<typeof tenantPageSchema>;

export const createTenantSchema = actSchema.extend({ id: z.string() });
/** What is left out becomes the default again. */
export const changeTenantSchema = actSchema.extend({ quotas: quotaOverridesSchema });

export const keysSchema = z.object({ data: z.array(apiKeySchema) });
export const createKeySchema = actSchema.extend(createApiKeySchema.shape);
export const rotateKeySchema = actSchema.extend(rotateApiKeySchema.shape);

/** Images and engine seconds of a tenant by day and model. */
export const usageViewSchema = z.object({
  data: z.array(
    z.object({ day: z.string(), model: z.string(), jobs: z.int(), images: z.int(), engineSeconds: z.number() }),
  ),
});
export type UsageView = z.infer<typeof usageViewSchema>;
