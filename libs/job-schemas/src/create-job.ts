import * as z from 'zod';
import {
  imageToImageInputSchema,
  outputOptionsSchema,
  textToImageInputSchema,
  upscaleInputSchema,
  workflowInputSchema,
} from './job-input.ts';
import { mostKeys } from './json-limits.ts';
import { LIMITS } from './limits.ts';
import { unicodeText } from './unicode-text.ts';

export const prioritySchema = z.enum(['interactive', 'batch']);
export type Priority = z.infer<typeof prioritySchema>;

const within = (range: { min: number; max: number }) => z.int().min(range.min).max(range.max);

const policyFields = {
  priority: prioritySchema,
  startWithinSeconds: within(LIMITS.startWithinSeconds),
  executionTimeoutSeconds: within(LIMITS.executionTimeoutSeconds),
  maxAttempts: within(LIMITS.maxAttempts),
  retainSeconds: within(LIMITS.retainSeconds),
};

/** When and how often the job may run, and how long its files are kept. */
export const policySchema = z.strictObject({
  priority: policyFields.priority.default('interactive'),
  startWithinSeconds: policyFields.startWithinSeconds.default(LIMITS.startWithinSeconds.default),
  executionTimeoutSeconds: policyFields.executionTimeoutSeconds.default(LIMITS.executionTimeoutSeconds.default),
  maxAttempts: policyFields.maxAttempts.default(LIMITS.maxAttempts.default),
  retainSeconds: policyFields.retainSeconds.default(LIMITS.retainSeconds.default),
});
export type Policy = z.infer<typeof policySchema>;

/** The fields of a policy that take the place of another's. */
export const policyOverridesSchema = z.strictObject(policyFields).partial();

export const jobEventTypeSchema = z.enum([
  'job.queued',
  'job.started',
  'job.succeeded',
  'job.failed',
  'job.canceled',
  'job.expired',
]);
export type JobEventType = z.infer<typeof jobEventTypeSchema>;

export const TERMINAL_EVENTS = ['job.succeeded', 'job.failed', 'job.canceled', 'job.expired'] as const;

export const webhookTargetSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .max(LIMITS.webhookUrlCharacters)
    .refine((url) => url.isWellFormed(), 'must not contain half of a surrogate pair'),
  events: z
    .array(jobEventTypeSchema)
    .min(1)
    .default([...TERMINAL_EVENTS]),
});
export type WebhookTarget = z.infer<typeof webhookTargetSchema>;

const { keys, keyCharacters, valueCharacters } = LIMITS.metadata;

export const metadataSchema = z
  .record(unicodeText().min(1).max(keyCharacters), unicodeText().max(valueCharacters))
  .superRefine(mostKeys(keys));

const common = {
  model: unicodeText().min(1).max(128),
  output: outputOptionsSchema.prefault({}),
  policy: policySchema.prefault({}),
  webhook: webhookTargetSchema.nullable().default(null),
  metadata: metadataSchema.default({}),
};

/** Body of `POST /v1/jobs`. Only `model`, `task` and the task's own required input are required. */
export const createJobSchema = z.discriminatedUnion('task', [
  z.strictObject({ ...common, task: z.literal('text-to-image'), input: textToImageInputSchema }),
  z.strictObject({ ...common, task: z.literal('image-to-image'), input: imageToImageInputSchema }),
  z.strictObject({ ...common, task: z.literal('upscale'), input: upscaleInputSchema }),
  z.strictObject({ ...common, task: z.literal('workflow'), input: workflowInputSchema }),
]);
export type CreateJob = z.infer<typeof createJobSchema>;

/** `Idempotency-Key`: visible ASCII, bare or as a quoted structured-field string. Yields the bare key. */
export const idempotencyKeySchema = z
  .string()
  .transform((value) => (/^".*"$/.test(value) ? value.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') : value))
  .pipe(
    z
      .string()
      .min(1)
      .max(LIMITS.idempotencyKeyCharacters)
      .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII'),
  );
