import * as z from 'zod';
import { batchEventSchema } from './batch.ts';
import { jobEventTypeSchema, prioritySchema } from './create-job.ts';
import { idPattern } from './ids.ts';
import { jobSchema } from './job.ts';

/** The claim check that goes through SNS and SQS to a worker; the truth is the job item. */
export const jobMessageSchema = z.object({
  jobId: z.string().regex(idPattern('job')),
  tenantId: z.string(),
  pool: z.string(),
  priority: prioritySchema,
  attempt: z.int().min(1),
});
export type JobMessage = z.infer<typeof jobMessageSchema>;

/** The job in an event: without its input, so that a body stays small and a prompt stays private. */
export const eventJobSchema = jobSchema.omit({ input: true });

/** CloudEvents 1.0 envelope of the `job-events` topic. `id` is the same on every publication of the event. */
export const jobEventSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string().regex(idPattern('evt')),
  source: z.string(),
  type: jobEventTypeSchema,
  subject: z.string().regex(idPattern('job')),
  time: z.iso.datetime({ precision: 3 }),
  datacontenttype: z.literal('application/json'),
  /** CloudEvents extension attribute. */
  tenantid: z.string(),
  traceparent: z.string().optional(),
  data: z.object({ job: eventJobSchema }),
});
export type JobEvent = z.infer<typeof jobEventSchema>;

/** Asks the notifier for the next attempt at a webhook delivery; `attempt` is the one to make, from 1. */
export const deliveryMessageSchema = z.object({
  deliveryId: z.string().regex(idPattern('whd')),
  attempt: z.int().min(1),
});
export type DeliveryMessage = z.infer<typeof deliveryMessageSchema>;

/** What the notifications queue carries. */
export const notificationSchema = z.union([jobEventSchema, batchEventSchema, deliveryMessageSchema]);
export type Notification = z.infer<typeof notificationSchema>;

/** Body of a webhook request (Standard Webhooks). */
export const webhookBodySchema = z.object({
  type: jobEventTypeSchema,
  timestamp: z.iso.datetime({ precision: 3 }),
  data: z.object({ job: eventJobSchema }),
});
export type WebhookBody = z.infer<typeof webhookBodySchema>;

/** One event on its way to one target, with all that happened so far. */
export const deliverySchema = z.object({
  id: z.string().regex(idPattern('whd')),
  tenantId: z.string(),
  eventId: z.string(),
  jobId: z.string(),
  url: z.string(),
  status: z.enum(['pending', 'delivered', 'failed']),
  /** The attempt that is due, from 1. */
  attempt: z.int(),
  /** The webhook body, as it is signed and sent. */
  body: z.string(),
  traceparent: z.string().nullable(),
  createdAt: z.iso.datetime({ precision: 3 }),
  dueAt: z.iso.datetime({ precision: 3 }).nullable(),
  lastStatusCode: z.int().nullable(),
  lastError: z.string().nullable(),
  lastLatencyMs: z.int().nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;
