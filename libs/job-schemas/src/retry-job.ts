import * as z from 'zod';
import { policyOverridesSchema } from './create-job.ts';
import { LIMITS } from './limits.ts';

const seed = z.int().min(LIMITS.seed.min).max(LIMITS.seed.max);

/** Body of `POST /v1/jobs/{id}/retry`: what the new job has otherwise than its source. No body changes nothing. */
export const retryJobSchema = z.strictObject({
  input: z.strictObject({ seed: seed.optional() }).prefault({}),
  policy: policyOverridesSchema.prefault({}),
});
export type RetryJob = z.infer<typeof retryJobSchema>;
