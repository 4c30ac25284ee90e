import {
  type Clock,
  presentEndpoint,
  ProblemError,
  type TargetStore,
  type WebhookEndpointStore,
} from '@afterimage/job-core';
import {
  type UpdateWebhookEndpoint,
  type WebhookEndpoint,
  type WebhookEndpointRecord,
  type WebhookEndpointWithSecret,
} from '@afterimage/job-schemas';
import type { TargetRules } from '@afterimage/safe-egress';
import type { Log } from '@afterimage/telemetry';
import { checkUrl } from './check-url.ts';
import type { makeAddSecret } from './secrets.ts';

/** The notifier may change an endpoint at the same time. */
const TRIES = 5;

export interface ManageEndpointsPorts {
  readonly endpoints: Omit<WebhookEndpointStore, 'create'>;
  readonly targets: Pick<TargetStore, 'health' | 'clear'>;
  readonly addSecret: ReturnType<typeof makeAddSecret>;
  readonly rules: TargetRules;
  readonly now: Clock;
  readonly log: Log;
}

/** @throws ProblemError when the tenant has no such endpoint */
export function makeFindEndpoint(endpoints: Pick<WebhookEndpointStore, 'get'>) {
  return async function findEndpoint(tenantId: string, endpointId: string): Promise<WebhookEndpointRecord> {
    const endpoint = await endpoints.get(tenantId, endpointId);
    if (endpoint !== undefined) return endpoint;
    throw new ProblemError('not-found', { detail: `there is no webhook endpoint ${endpointId}` });
  };
}

/** The fields of `enabled`; none when it stays as it is. */
function switched(enabled: boolean | undefined, { disabledReason }: WebhookEndpointRecord, at: string) {
  if (enabled === undefined || enabled === (disabledReason === null)) return {};
  return enabled ? { disabledReason: null, disabledAt: null } : { disabledReason: 'manual' as const, disabledAt: at };
}

/** Webhook endpoints of a tenant, once they are created. A new secret is in the answer of `rotateSecret`, and nowhere else. */
export function makeManageEndpoints(ports: ManageEndpointsPorts) {
  const { endpoints, targets, addSecret, rules, now, log } = ports;
  const findEndpoint = makeFindEndpoint(endpoints);

  async function present(endpoint: WebhookEndpointRecord): Promise<WebhookEndpoint> {
    return presentEndpoint(endpoint, await targets.health(endpoint.id), now());
  }

  /** Writes the change on the version that it was made of, again when somebody was faster. */
  async function change(
    tenantId: string,
    endpointId: string,
    changed: (endpoint: WebhookEndpointRecord) => Partial<WebhookEndpointRecord>,
  ): Promise<WebhookEndpointRecord> {
    for (let tries = 0; tries < TRIES; tries++) {
      const before = await findEndpoint(tenantId, endpointId);
      const version = before.version + 1;
      const endpoint = { ...before, ...changed(before), version, updatedAt: now().toISOString() };
      if (await endpoints.replace(endpoint)) return endpoint;
    }
    throw new ProblemError('webhook-endpoint-changed', { detail: 'the endpoint was changed meanwhile, try again' });
  }

  return {
    async list(tenantId: string): Promise<WebhookEndpoint[]> {
      return Promise.all((await endpoints.list(tenantId)).map(present));
    },
    async get(tenantId: string, endpointId: string): Promise<WebhookEndpoint> {
      return present(await findEndpoint(tenantId, endpointId));
    },
    async update(tenantId: string, endpointId: string, request: UpdateWebhookEndpoint): Promise<WebhookEndpoint> {
      const { enabled, ...given } = request;
      if (given.url !== undefined) checkUrl(given.url, rules);
      const endpoint = await change(tenantId, endpointId, (before) => ({
        ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
        ...switched(enabled, before, now().toISOString()),
      }));
      // Whoever enables or moves an endpoint says that it works again.
      if (enabled === true || given.url !== undefined) await targets.clear(endpointId);
      log.info('webhook endpoint changed', { endpointId, tenantId, fields: Object.keys(request) });
      return present(endpoint);
    },
    async remove(tenantId: string, endpointId: string): Promise<void> {
      if (!(await endpoints.delete(tenantId, endpointId))) await findEndpoint(tenantId, endpointId);
      log.info('webhook endpoint deleted', { endpointId, tenantId });
    },
    async rotateSecret(tenantId: string, endpointId: string): Promise<WebhookEndpointWithSecret> {
      let shown = '';
      const endpoint = await change(tenantId, endpointId, (before) => {
        const { secret, secrets } = addSecret(endpointId, before.secrets, now());
        shown = secret;
        return { secrets };
      });
      log.info('webhook secret rotated', { endpointId, tenantId });
      return { ...(await present(endpoint)), secret: shown };
    },
  };
}
