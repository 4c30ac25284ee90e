import type { TargetHealth } from './webhook-ports.ts';
import type { WebhookEndpoint, WebhookEndpointRecord } from '@afterimage/job-schemas';

/** An endpoint as the API shows it. */
export function presentEndpoint(
  endpoint: WebhookEndpointRecord,
  health: Pick<TargetHealth, 'failingSince'>,
  now: Date,
): WebhookEndpoint {
  const { id, url, events, description, disabledReason, disabledAt, secrets, createdAt, updatedAt } = endpoint;
  const time = now.toISOString();
  const overlaps = secrets.flatMap(({ expiresAt }) => (expiresAt !== null && expiresAt > time ? [expiresAt] : []));
  return {
    id,
    object: 'webhook_endpoint',
    url,
    events,
    description,
    enabled: disabledReason === null,
    disabledReason,
    disabledAt,
    failingSince: health.failingSince,
    secretRotatedUntil: overlaps.toSorted().at(-1) ?? null,
    createdAt,
    updatedAt,
  };
}
