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
  /** How often the job was put off because its tenant had as many running as it may. */
  postponed: z.int().min(0).optional(),
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
