import { webhookHeaders } from './webhook-headers.ts';
import type { Delivery, WebhookDelivery } from '@afterimage/job-schemas';

/** A delivery as the API shows it: what was sent, but for signatures, and what was answered. */
export function presentDelivery(delivery: Delivery): WebhookDelivery {
  const { id, endpointId, eventId, eventType, subject, url, status, attempts, dueAt, body, createdAt } = delivery;
  return {
    id,
    object: 'webhook_delivery',
    endpointId,
    eventId,
    eventType,
    subject,
    url,
    status,
    attempts: attempts.map(({ traceparent, ...attempt }) => ({
      ...attempt,
      requestHeaders: webhookHeaders({ eventId, traceparent }, new Date(attempt.sentAt)),
    })),
    nextAttemptAt: status === 'pending' ? dueAt : null,
    requestBody: body,
    createdAt,
  };
}
