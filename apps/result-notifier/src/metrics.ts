/** Metrics of the notifier. */
export const METRICS = {
  delivered: 'WebhookDelivered',
  retried: 'WebhookRetried',
  failed: 'WebhookFailed',
  latencyMs: 'WebhookLatency',
} as const;
