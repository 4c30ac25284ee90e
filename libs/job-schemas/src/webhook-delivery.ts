import * as z from 'zod';
import { idPattern } from './ids.ts';
import { LIMITS } from './limits.ts';
import { queryTimeSchema } from './list-jobs.ts';

const time = z.iso.datetime({ precision: 3 });

export const deliveryStatusSchema = z.enum(['pending', 'delivered', 'failed']);
export type DeliveryStatus = z.infer<typeof deliveryStatusSchema>;

/** One request to the receiver, and how it ended. */
export const deliveryAttemptSchema = z.object({
  number: z.int(),
  sentAt: time,
  statusCode: z.int().nullable(),
  error: z.string().nullable(),
  latencyMs: z.int(),
  /** As it was sent: its span is the attempt's own. Null when none was sent. */
  traceparent: z.string().nullable().default(null),
});
export type DeliveryAttempt = z.infer<typeof deliveryAttemptSchema>;

/** One event on its way to one target, with all that happened so far. */
export const deliverySchema = z.object({
  id: z.string().regex(idPattern('whd')),
  tenantId: z.string(),
  /** The `webhook-id`: one per event and target, the same on every attempt. */
  eventId: z.string(),
  eventType: z.string(),
  /** What the event is about: a job, a batch, or the endpoint that is tested. */
  subject: z.string(),
  /** Null for a webhook that its job names. */
  endpointId: z.string().regex(idPattern('whe')).nullable(),
  url: z.string(),
  status: deliveryStatusSchema,
  /** The attempt that is due, from 1. */
  attempt: z.int(),
  /** The attempt that the schedule counts from: above 1 after a redelivery. */
  firstAttempt: z.int(),
  /** The webhook body, as it is signed and sent. */
  body: z.string(),
  traceparent: z.string().nullable(),
  createdAt: time,
  dueAt: time.nullable(),
  lastStatusCode: z.int().nullable(),
  lastError: z.string().nullable(),
  lastLatencyMs: z.int().nullable(),
  /** The latest, in their order. */
  attempts: z.array(deliveryAttemptSchema),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** A delivery as clients see it. */
export const webhookDeliverySchema = z.object({
  id: z.string().regex(idPattern('whd')),
  object: z.literal('webhook_delivery'),
  endpointId: z.string().nullable(),
  eventId: z.string(),
  eventType: z.string(),
  subject: z.string(),
  url: z.string(),
  status: deliveryStatusSchema,
  attempts: z.array(
    deliveryAttemptSchema.omit({ traceparent: true }).extend({
      /** Of the request, but for the signature. */
      requestHeaders: z.record(z.string(), z.string()),
    }),
  ),
  nextAttemptAt: time.nullable(),
  /** As it is signed and sent. */
  requestBody: z.string(),
  createdAt: time,
});
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;

export const webhookDeliveryListSchema = z.object({
  data: z.array(webhookDeliverySchema),
  nextCursor: z.string().nullable(),
});
export type WebhookDeliveryList = z.infer<typeof webhookDeliveryListSchema>;

const { min, max, default: defaultLimit } = LIMITS.listLimit;

/** Query of `GET /v1/webhook-endpoints/{id}/deliveries`. */
export const deliveryListQuerySchema = z.strictObject({
  status: deliveryStatusSchema.optional(),
  limit: z.coerce.number().int().min(min).max(max).default(defaultLimit),
  cursor: z.string().optional(),
});

/** Query of `POST /v1/webhook-endpoints/{id}/redeliver-failed`. */
export const redeliverFailedQuerySchema = z.strictObject({
  since: queryTimeSchema,
  cursor: z.string().optional(),
});

/** Answer of `POST /v1/webhook-endpoints/{id}/redeliver-failed`; while `hasMore`, the call with `nextCursor` goes on. */
export const redeliveriesSchema = z.object({
  object: z.literal('webhook_redeliveries'),
  redelivered: z.int(),
  hasMore: z.boolean(),
  nextCursor: z.string().nullable(),
});
export type Redeliveries = z.infer<typeof redeliveriesSchema>;
