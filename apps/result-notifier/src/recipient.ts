import type { Clock, SecretBox, TenantStore, WebhookEndpointStore } from '@afterimage/job-core';
import { SealError } from '@afterimage/job-core';
import { type Delivery, TEST_EVENT, type WebhookEndpointRecord } from '@afterimage/job-schemas';

/** Where an attempt goes, and what it is signed with; `refused`: no attempt can be made, now or later. */
export type Recipient =
  | { readonly kind: 'ready'; readonly url: string; readonly secrets: readonly string[] }
  | { readonly kind: 'refused'; readonly error: string };

export interface RecipientPorts {
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly endpoints: Pick<WebhookEndpointStore, 'get'>;
  readonly secretBox: Pick<SecretBox, 'open'>;
  readonly now: Clock;
}

/** Between the clocks of two functions. */
const SKEW_MS = 5000;

/** Whether the endpoint was made after that, under the id of a deleted one: its idempotency key was used again. */
function isLater(endpoint: Pick<WebhookEndpointRecord, 'createdAt'>, time: string): boolean {
  return Date.parse(endpoint.createdAt) - SKEW_MS > Date.parse(time);
}

const refused = (error: string): Recipient => ({ kind: 'refused', error });

/** Finds who a delivery is for, as it is now: an endpoint may have moved, been disabled or deleted since the event. */
export function makeFindRecipient({ tenants, endpoints, secretBox, now }: RecipientPorts) {
  async function findEndpoint(endpointId: string, { tenantId, eventType, createdAt }: Delivery): Promise<Recipient> {
    const endpoint = await endpoints.get(tenantId, endpointId);
    if (endpoint === undefined || isLater(endpoint, createdAt)) return refused('the endpoint was deleted');
    if (endpoint.disabledReason !== null && eventType !== TEST_EVENT) return refused('the endpoint is disabled');
    const time = now().toISOString();
    const valid = endpoint.secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > time);
    try {
      const secrets = valid.map(({ sealed }) => secretBox.open(sealed, endpointId));
      return { kind: 'ready', url: endpoint.url, secrets };
    } catch (error) {
      if (error instanceof SealError) return refused('the secret of the endpoint cannot be read, rotate it');
      throw error;
    }
  }

  return async function findRecipient(delivery: Delivery): Promise<Recipient> {
    if (delivery.endpointId !== null) return findEndpoint(delivery.endpointId, delivery);
    const secrets = (await tenants.get(delivery.tenantId))?.webhookSecrets ?? [];
    if (secrets.length === 0) return refused('the tenant has no webhook secret to sign with');
    return { kind: 'ready', url: delivery.url, secrets };
  };
}
