import * as z from 'zod';
import { pageOf, pageQuerySchema } from './page.ts';

/** An endpoint of a tenant; its secrets are never shown here. */
export const endpointViewSchema = z.object({
  id: z.string(),
  tenantId: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  isEnabled: z.boolean(),
  disabledReason: z.string().nullable(),
  createdAt: z.string(),
  /** Of the newest deliveries that have ended; null when there is none. */
  successRate: z.number().min(0).max(1).nullable(),
});
export type EndpointView = z.infer<typeof endpointViewSchema>;

export const endpointQuerySchema = pageQuerySchema.extend({ tenantId: z.string().optional() });
export const endpointPageSchema = pageOf(endpointViewSchema);

export const deliveryViewSchema = z.object({
  id: z.string(),
  eventId: z.string(),
  jobId: z.string().nullable(),
  url: z.string(),
  status: z.string(),
  attempt: z.int(),
  createdAt: z.string(),
  dueAt: z.string().nullable(),
  lastStatusCode: z.int().nullable(),
  lastError: z.string().nullable(),
  lastLatencyMs: z.int().nullable(),
});
export type DeliveryView = z.infer<typeof deliveryViewSchema>;
export const deliveryPageSchema = pageOf(deliveryViewSchema);
