import * as z from 'zod';
import { actSchema } from './acts.ts';
import { pageOf, pageQuerySchema } from './page.ts';

/** Limits that a tenant has of its own; null = the default. */
export const tenantLimitsViewSchema = z.object({
  createPerMinute: z.int().min(1).nullable(),
  otherPerMinute: z.int().min(1).nullable(),
  queued: z.int().min(0).nullable(),
  running: z.int().min(0).nullable(),
});
export type TenantLimitsView = z.infer<typeof tenantLimitsViewSchema>;

export const tenantViewSchema = z.object({
  tenantId: z.string(),
  createdAt: z.string().nullable(),
  limits: tenantLimitsViewSchema,
  inUse: z.object({ queued: z.int(), running: z.int() }),
});
export type TenantView = z.infer<typeof tenantViewSchema>;

export const tenantQuerySchema = pageQuerySchema;
export const tenantPageSchema = pageOf(tenantViewSchema);
export type TenantPage = z.infer<typeof tenantPageSchema>;

const tenantId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'must be 2 to 63 of a-z, 0-9 and -, and begin with no -');

export const createTenantSchema = actSchema.extend({ tenantId });
export const changeTenantSchema = actSchema.extend({ limits: tenantLimitsViewSchema.partial() });

export const keyViewSchema = z.object({
  keyId: z.string(),
  tenantId: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});
export type KeyView = z.infer<typeof keyViewSchema>;
export const keysSchema = z.object({ data: z.array(keyViewSchema) });

/** A key that was made just now: the only time that it is shown. */
export const newKeySchema = z.object({ key: keyViewSchema, apiKey: z.string() });
export type NewKey = z.infer<typeof newKeySchema>;
export const createKeySchema = actSchema.extend({ scopes: z.array(z.string()).min(1) });

/** Images and engine seconds of a tenant by day and model. */
export const usageViewSchema = z.object({
  data: z.array(
    z.object({ day: z.string(), model: z.string(), jobs: z.int(), images: z.int(), engineSeconds: z.number() }),
  ),
});
export type UsageView = z.infer<typeof usageViewSchema>;
