import type { CounterName, DurationName } from '@afterimage/telemetry';

/** Metrics of the notifier. */
export const METRICS = {
  delivered: 'WebhookDelivered',
  retried: 'WebhookRetried',
  failed: 'WebhookFailed',
  postponed: 'WebhookPostponed',
  endpointDisabled: 'WebhookEndpointDisabled',
  legacyTold: 'LegacyTold',
  latencyMs: 'WebhookLatency',
} as const satisfies Record<string, CounterName | DurationName>;
