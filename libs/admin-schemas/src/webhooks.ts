import { deliveryStatusSchema, webhookDeliverySchema, webhookEndpointSchema } from '@afterimage/job-schemas';
import * as z from 'zod';
import { pageOf, pageQuerySchema } from './page.ts';

/** An endpoint of a tenant; its secrets are never shown here. */
export const endpointViewSchema = webhookEndpointSchema.extend({
  tenantId: z.string(),
  /** Of the newest deliveries that have ended; null when there is none. */
  successRate: z.number().min(0).max(1).nullable(),
});
export type EndpointView = z.infer<typeof endpointViewSchema>;

export const endpointQuerySchema = pageQuerySchema.extend({ tenantId: z.string().optional() });
export const endpointPageSchema = pageOf(endpointViewSchema);

export const deliveryQuerySchema = pageQuerySchema.extend({ status: deliveryStatusSchema.optional() });
export const deliveryPageSchema = pageOf(webhookDeliverySchema);
