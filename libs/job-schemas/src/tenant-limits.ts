import * as z from 'zod';
import { LIMITS } from './limits.ts';
import { imageContentTypeSchema } from './upload.ts';

const range = z.object({ min: z.number(), max: z.number() });
const quota = z.object({ limit: z.int() });
const quotaInUse = quota.extend({ used: z.int() });
const rangeWithDefault = range.extend({ default: z.number() });

/** Body of `GET /v1/limits`: what holds for every request of the tenant. A model may allow less of some of it. */
export const tenantLimitsSchema = z.object({
  object: z.literal('limits'),
  bodyBytes: z.int(),
  batch: z.object({ items: z.int(), bodyBytes: z.int() }),
  input: z.object({
    promptCharacters: z.int(),
    images: rangeWithDefault,
    side: rangeWithDefault.extend({ multipleOf: z.int() }),
    steps: rangeWithDefault,
    guidance: rangeWithDefault,
    strength: rangeWithDefault,
    scale: rangeWithDefault,
    seed: range,
  }),
  upload: z.object({ bytes: z.int(), contentTypes: z.array(imageContentTypeSchema), days: z.int() }),
  metadata: z.object({ keys: z.int(), keyCharacters: z.int(), valueCharacters: z.int() }),
  policy: z.object({
    startWithinSeconds: rangeWithDefault,
    executionTimeoutSeconds: rangeWithDefault,
    maxAttempts: rangeWithDefault,
    retainSeconds: rangeWithDefault,
  }),
  waitSeconds: range,
  listLimit: rangeWithDefault,
  idempotencyKeyCharacters: z.int(),
  recordDays: z.int(),
  /** The tenant's own: requests a minute, and jobs at the same time. */
  quotas: z.object({
    createPerMinute: quota,
    requestsPerMinute: quota,
    queuedJobs: quotaInUse,
    runningJobs: quotaInUse,
  }),
});
export type TenantLimits = z.infer<typeof tenantLimitsSchema>;

/** The limits that are the same for every tenant, as the API shows them. */
export const TENANT_LIMITS: Omit<TenantLimits, 'quotas'> = {
  object: 'limits',
  bodyBytes: LIMITS.bodyBytes,
  batch: { items: LIMITS.batch.items, bodyBytes: LIMITS.batch.bodyBytes },
  input: {
    promptCharacters: LIMITS.promptCharacters,
    images: LIMITS.images,
    side: LIMITS.side,
    steps: LIMITS.steps,
    guidance: LIMITS.guidance,
    strength: LIMITS.strength,
    scale: LIMITS.scale,
    seed: LIMITS.seed,
  },
  upload: {
    bytes: LIMITS.inputImageBytes,
    contentTypes: imageContentTypeSchema.options,
    days: LIMITS.uploadDays,
  },
  metadata: LIMITS.metadata,
  policy: {
    startWithinSeconds: LIMITS.startWithinSeconds,
    executionTimeoutSeconds: LIMITS.executionTimeoutSeconds,
    maxAttempts: LIMITS.maxAttempts,
    retainSeconds: LIMITS.retainSeconds,
  },
  waitSeconds: LIMITS.waitSeconds,
  listLimit: LIMITS.listLimit,
  idempotencyKeyCharacters: LIMITS.idempotencyKeyCharacters,
  recordDays: LIMITS.recordDays,
};
