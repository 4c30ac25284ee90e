import type { Delivery, DeliveryAttempt } from '@afterimage/job-schemas';

/** The headers of one attempt at a delivery, but for the signature. */
export function webhookHeaders(
  { eventId, traceparent }: Pick<Delivery, 'eventId'> & Pick<DeliveryAttempt, 'traceparent'>,
  sentAt: Date,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Afterimage-Webhooks/1',
    'webhook-id': eventId,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    ...(traceparent === null ? {} : { traceparent }),
  };
}
