import * as z from 'zod';
import { createJobSchema, metadataSchema, webhookTargetSchema } from './create-job.ts';
import { idPattern } from './ids.ts';
import { jobStatusSchema } from './job.ts';
import { LIMITS } from './limits.ts';
import { fieldErrorSchema, type ProblemCode, PROBLEMS, problemSchema } from './problem.ts';

const time = z.iso.datetime({ precision: 3 });

/** Called once, when the last job of the batch has ended. */
export const batchWebhookSchema = z.strictObject({ url: webhookTargetSchema.shape.url });

const common = {
  webhook: batchWebhookSchema.nullable().default(null),
  metadata: metadataSchema.default({}),
};

/** Body of `POST /v1/batches`. */
export const createBatchSchema = z.strictObject({
  ...common,
  items: z.array(createJobSchema).min(1).max(LIMITS.batch.items),
});

/** As `createBatchSchema`, with its items as they came: what is wrong with one of them is said of it alone. */
export const batchEnvelopeSchema = createBatchSchema.extend({
  items: z.array(z.unknown()).min(1).max(LIMITS.batch.items),
});
export type BatchEnvelope = z.infer<typeof batchEnvelopeSchema>;

/** `canceling`: its cancellation was asked for, and not every job has ended. */
export const batchStatusSchema = z.enum(['processing', 'canceling', 'completed']);
export type BatchStatus = z.infer<typeof batchStatusSchema>;

const endStatusSchema = jobStatusSchema.extract(['succeeded', 'failed', 'canceled', 'expired']);
export type EndStatus = z.infer<typeof endStatusSchema>;

/** Why an item was not accepted; the rest of its problem document follows from the batch. */
export const rejectionSchema = z.object({
  index: z.int(),
  code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
  detail: z.string(),
  errors: z.array(fieldErrorSchema).optional(),
});
export type Rejection = z.infer<typeof rejectionSchema>;

/**
 * The batch as the table holds it. The ids of its jobs follow from its own id; `ends` has those that are known to have
 * ended, and what the rest is doing is told by the jobs themselves.
 */
export const batchRecordSchema = z.object({
  id: z.string().regex(idPattern('bat')),
  tenantId: z.string(),
  fingerprint: z.string(),
  /** Of the request that created it, for the problem documents of its items. */
  requestId: z.string(),
  traceparent: z.string().nullable(),
  status: batchStatusSchema,
  size: z.int(),
  rejections: z.array(rejectionSchema),
  /** Whether every accepted item is known to have its job. */
  isFilled: z.boolean(),
  ends: z.record(z.string().regex(idPattern('job')), endStatusSchema),
  webhook: batchWebhookSchema.nullable(),
  metadata: z.record(z.string(), z.string()),
  createdAt: time,
  cancelRequestedAt: time.nullable(),
  finishedAt: time.nullable(),
  /** By when somebody must have moved the batch on; null = nobody has to. */
  dueAt: time.nullable(),
});
export type BatchRecord = z.infer<typeof batchRecordSchema>;

/** What a job is made of that is not there yet. */
export const batchRequestSchema = z.object({ index: z.int(), pool: z.string(), request: createJobSchema });
export type BatchRequest = z.infer<typeof batchRequestSchema>;

const count = z.int().min(0);

/** Items by what has become of them. `rejected`: no job was made; `total` is the sum of the rest. */
export const batchCountsSchema = z.object({
  total: count,
  rejected: count,
  queued: count,
  running: count,
  canceling: count,
  succeeded: count,
  failed: count,
  canceled: count,
  expired: count,
});
export type BatchCounts = z.infer<typeof batchCountsSchema>;

/** `status` is that of a request with this item alone: 202, or that of its problem. */
export const batchItemSchema = z.object({
  index: z.int(),
  status: z.int(),
  jobId: z.string().nullable(),
  jobStatus: jobStatusSchema.nullable(),
  problem: problemSchema.nullable(),
});
export type BatchItem = z.infer<typeof batchItemSchema>;

/** The batch object of the API. */
export const batchSchema = z.object({
  id: z.string(),
  object: z.literal('batch'),
  status: batchStatusSchema,
  counts: batchCountsSchema,
  items: z.array(batchItemSchema),
  webhook: batchWebhookSchema.nullable(),
  metadata: z.record(z.string(), z.string()),
  createdAt: time,
  cancelRequestedAt: time.nullable(),
  finishedAt: time.nullable(),
  traceId: z.string().nullable(),
  links: z.object({ self: z.string(), cancel: z.string().nullable(), jobs: z.string() }),
});
export type Batch = z.infer<typeof batchSchema>;

/** The batch in an event: without its items, so that a body stays small. */
export const eventBatchSchema = batchSchema.omit({ items: true });

/** The one event of a batch; `id` is the same on every publication of it. */
export const batchEventTypeSchema = z.literal('batch.completed');

/** CloudEvents 1.0 envelope of a batch's event on the `job-events` topic. */
export const batchEventSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string().regex(idPattern('evt')),
  source: z.string(),
  type: batchEventTypeSchema,
  subject: z.string().regex(idPattern('bat')),
  time,
  datacontenttype: z.literal('application/json'),
  /** CloudEvents extension attribute. */
  tenantid: z.string(),
  traceparent: z.string().optional(),
  data: z.object({ batch: eventBatchSchema }),
});
export type BatchEvent = z.infer<typeof batchEventSchema>;

/** Body of the webhook request of a batch's event (Standard Webhooks). */
export const batchWebhookBodySchema = z.object({
  type: batchEventTypeSchema,
  timestamp: time,
  data: z.object({ batch: eventBatchSchema }),
});
export type BatchWebhookBody = z.infer<typeof batchWebhookBodySchema>;
