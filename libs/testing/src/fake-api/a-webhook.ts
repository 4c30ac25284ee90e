import type { WebhookDelivery, WebhookEndpoint } from '@afterimage/job-schemas';

export const ENDPOINT_ID = 'whe_01KAFTERMAGE00000000000000';
export const DELIVERY_ID = 'whd_01KAFTERMAGE00000000000000';
const CREATED_AT = '2026-01-02T03:04:05.006Z';

/** A webhook endpoint as the API of this release shows it. */
export function aShownEndpoint(overrides: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    id: ENDPOINT_ID,
    object: 'webhook_endpoint',
    url: 'https://hooks.example.com/a',
    events: ['job.succeeded', 'batch.completed'],
    description: 'the shop',
    enabled: true,
    disabledReason: null,
    disabledAt: null,
    failingSince: null,
    secretRotatedUntil: null,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    ...overrides,
  };
}

/** A webhook delivery as the API of this release shows it. */
export function aShownDelivery(overrides: Partial<WebhookDelivery> = {}): WebhookDelivery {
  return {
    id: DELIVERY_ID,
    object: 'webhook_delivery',
    endpointId: ENDPOINT_ID,
    eventId: 'evt_01KAFTERMAGE00000000000000',
    eventType: 'job.succeeded',
    subject: 'job_01KAFTERMAGE00000000000000',
    url: 'https://hooks.example.com/a',
    status: 'delivered',
    attempts: [
      {
        number: 1,
        sentAt: CREATED_AT,
        statusCode: 204,
        error: null,
        latencyMs: 87,
        requestHeaders: { 'webhook-id': 'evt_01KAFTERMAGE00000000000000' },
      },
    ],
    nextAttemptAt: null,
    requestBody: '{}',
    createdAt: CREATED_AT,
    ...overrides,
  };
}
