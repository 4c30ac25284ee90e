import type { Clock, WebhookEndpointStore } from '@afterimage/job-core';
import type { DisabledReason } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import { METRICS } from './metrics.ts';

/** Its tenant may change the endpoint at the same time. */
const TRIES = 3;

export interface DisableEndpointPorts {
  readonly endpoints: Pick<WebhookEndpointStore, 'get' | 'replace'>;
  readonly telemetry: Telemetry;
  readonly now: Clock;
}

/** Sends nothing more to an endpoint, until its tenant enables it again. */
export function makeDisableEndpoint({ endpoints, telemetry, now }: DisableEndpointPorts) {
  return async function disableEndpoint(tenantId: string, endpointId: string, reason: DisabledReason): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const endpoint = await endpoints.get(tenantId, endpointId);
      if (endpoint === undefined || endpoint.disabledReason !== null) return;
      const disabledAt = now().toISOString();
      const changes = { disabledReason: reason, disabledAt, updatedAt: disabledAt, version: endpoint.version + 1 };
      if (await endpoints.replace({ ...endpoint, ...changes })) {
        telemetry.log.warn('webhook endpoint disabled', { endpointId, tenantId, reason });
        telemetry.metrics.count(METRICS.endpointDisabled);
        return;
      }
    }
  };
}
