import * as z from 'zod';
import { jobEventTypeSchema, TERMINAL_EVENTS } from './create-job.ts';
import { idPattern } from './ids.ts';
import { LIMITS } from './limits.ts';
import { unicodeText } from './unicode-text.ts';

const time = z.iso.datetime({ precision: 3 });

/** What an endpoint can ask for. */
export const endpointEventTypeSchema = z.enum([...jobEventTypeSchema.options, 'batch.completed']);
export type EndpointEventType = z.infer<typeof endpointEventTypeSchema>;

/** Sent by a test of an endpoint alone. */
export const TEST_EVENT = 'webhook.test';

/** Body of the request of a test. */
export const testWebhookBodySchema = z.object({
  type: z.literal(TEST_EVENT),
  timestamp: time,
  data: z.object({ endpointId: z.string().regex(idPattern('whe')) }),
});
export type TestWebhookBody = z.infer<typeof testWebhookBodySchema>;

const DEFAULT_EVENTS: readonly EndpointEventType[] = [...TERMINAL_EVENTS, 'batch.completed'];

const fields = {
  url: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .max(LIMITS.webhookUrlCharacters)
    .refine((url) => url.isWellFormed(), 'must not contain half of a surrogate pair'),
  events: z.array(endpointEventTypeSchema).min(1).max(endpointEventTypeSchema.options.length),
  description: unicodeText().max(LIMITS.webhookEndpoints.descriptionCharacters),
  enabled: z.boolean(),
};

/** Body of `POST /v1/webhook-endpoints`. */
export const createWebhookEndpointSchema = z.strictObject({
  url: fields.url,
  events: fields.events.default([...DEFAULT_EVENTS]),
  description: fields.description.default(''),
  enabled: fields.enabled.default(true),
});
export type CreateWebhookEndpoint = z.infer<typeof createWebhookEndpointSchema>;

/** Body of `PATCH /v1/webhook-endpoints/{id}`: what is given takes the place of what was. */
export const updateWebhookEndpointSchema = z.strictObject(fields).partial();
export type UpdateWebhookEndpoint = z.infer<typeof updateWebhookEndpointSchema>;

/** `manual`: by its tenant; `gone`: it answered 410; `failing`: no success for five days. */
export const disabledReasonSchema = z.enum(['manual', 'gone', 'failing']);
export type DisabledReason = z.infer<typeof disabledReasonSchema>;

/** An endpoint as it is stored; its secrets are sealed. */
export const webhookEndpointRecordSchema = z.object({
  id: z.string().regex(idPattern('whe')),
  tenantId: z.string(),
  url: z.string(),
  events: z.array(endpointEventTypeSchema),
  description: z.string(),
  disabledReason: disabledReasonSchema.nullable(),
  disabledAt: time.nullable(),
  /** The newest first; one that was rotated out signs until it expires. */
  secrets: z.array(z.object({ sealed: z.string(), expiresAt: time.nullable() })),
  /** Of the request that created it, for those that come again under its idempotency key. */
  fingerprint: z.string().nullable().default(null),
  /** Grows with each change; the guard of the next one. */
  version: z.int(),
  createdAt: time,
  updatedAt: time,
});
export type WebhookEndpointRecord = z.infer<typeof webhookEndpointRecordSchema>;

/** An endpoint as clients see it. */
export const webhookEndpointSchema = z.object({
  id: z.string().regex(idPattern('whe')),
  object: z.literal('webhook_endpoint'),
  url: z.string(),
  events: z.array(endpointEventTypeSchema),
  description: z.string(),
  enabled: z.boolean(),
  disabledReason: disabledReasonSchema.nullable(),
  disabledAt: time.nullable(),
  failingSince: time.nullable(),
  secretRotatedUntil: time.nullable(),
  createdAt: time,
  updatedAt: time,
});
export type WebhookEndpoint = z.infer<typeof webhookEndpointSchema>;

/** The answers that show a secret: the only ones. */
export const webhookEndpointWithSecretSchema = webhookEndpointSchema.extend({
  secret: z.string().startsWith('whsec_'),
});
export type WebhookEndpointWithSecret = z.infer<typeof webhookEndpointWithSecretSchema>;

export const webhookEndpointListSchema = z.object({
  data: z.array(webhookEndpointSchema),
  nextCursor: z.null(),
});
export type WebhookEndpointList = z.infer<typeof webhookEndpointListSchema>;
