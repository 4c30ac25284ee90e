import * as z from 'zod';
import { metadataSchema, policySchema, webhookTargetSchema } from './create-job.ts';
import {
  imageToImageInputSchema,
  outputOptionsSchema,
  taskSchema,
  textToImageInputSchema,
  upscaleInputSchema,
  workflowInputSchema,
} from './job-input.ts';
import { jobSchema } from './job.ts';
import { LIMITS } from './limits.ts';

/** Null: drawn when the job is created. */
const openSeed = { seed: z.int().min(LIMITS.seed.min).max(LIMITS.seed.max).nullable() };

export const jobPreviewInputSchema = z.union([
  textToImageInputSchema.extend(openSeed),
  imageToImageInputSchema.extend(openSeed),
  upscaleInputSchema,
  workflowInputSchema,
]);

/** Query of `POST /v1/jobs`. */
export const createJobQuerySchema = z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') });

/**
 * Answer of `POST /v1/jobs?dryRun=true`: the job as it would be created. The estimates are in whole seconds, from the
 * tenant's latest jobs of the same model and task, and null when there is none.
 */
export const jobPreviewSchema = z.object({
  object: z.literal('job.preview'),
  model: z.string(),
  pool: z.string(),
  task: taskSchema,
  input: jobPreviewInputSchema,
  output: outputOptionsSchema,
  policy: policySchema,
  webhook: webhookTargetSchema.nullable(),
  metadata: metadataSchema,
  queue: z.object({ ahead: z.int().nullable(), estimatedStartSeconds: z.int().nullable() }),
  estimatedRunSeconds: z.int().nullable(),
});
export type JobPreview = z.infer<typeof jobPreviewSchema>;

/** What a request for a job is answered with when it is answered with 200: `object` tells which. */
export const createJobAnswerSchema = z.discriminatedUnion('object', [jobSchema, jobPreviewSchema]);
