/** Metrics of the notifier. */
export const METRICS = {
  delivered: 'WebhookDelivered',
  retried: 'WebhookRetried',
  failed: 'WebhookFailed',
  postponed: 'WebhookPostponed',
  endpointDisabled: 'WebhookEndpointDisabled',
  latencyMs: 'WebhookLatency',
} as const;
