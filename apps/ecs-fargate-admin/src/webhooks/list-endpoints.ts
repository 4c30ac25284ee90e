import { type EndpointView, endpointQuerySchema } from '@afterimage/admin-schemas';
import {
  type Clock,
  type DeliveryStore,
  presentEndpoint,
  type TargetStore,
  type TenantStore,
  type WebhookEndpointStore,
} from '@afterimage/job-core';
import type { WebhookEndpointRecord } from '@afterimage/job-schemas';
import type { AdminHandler } from '../api/admin-request.ts';
import type { MakeCursor } from '../api/cursors.ts';

export interface ListEndpointsPorts {
  readonly tenants: Pick<TenantStore, 'list'>;
  readonly endpoints: Pick<WebhookEndpointStore, 'list'>;
  readonly deliveries: Pick<DeliveryStore, 'list'>;
  readonly targets: Pick<TargetStore, 'health'>;
  readonly cursors: MakeCursor;
  readonly now: Clock;
}

/** Tenants whose endpoints one page looks for: most of them have none. */
const TENANTS_PER_PAGE = 50;
/** The newest deliveries, by which the success rate goes. */
const DELIVERIES = 20;

/** `GET /webhook-endpoints`: by tenant, those of one tenant on the same page. */
export function makeListEndpoints(ports: ListEndpointsPorts): AdminHandler {
  const { tenants, endpoints, deliveries, targets, cursors, now } = ports;

  async function successRateOf(endpointId: string): Promise<number | null> {
    const { deliveries: newest } = await deliveries.list({ endpointId, limit: DELIVERIES });
    const ended = newest.filter(({ status }) => status !== 'pending');
    return ended.length === 0 ? null : ended.filter(({ status }) => status === 'delivered').length / ended.length;
  }

  async function view(endpoint: WebhookEndpointRecord): Promise<EndpointView> {
    const [health, successRate] = await Promise.all([targets.health(endpoint.id), successRateOf(endpoint.id)]);
    return { ...presentEndpoint(endpoint, health, now()), tenantId: endpoint.tenantId, successRate };
  }

  async function viewsOf(tenantId: string): Promise<EndpointView[]> {
    return Promise.all((await endpoints.list(tenantId)).map(view));
  }

  /** `next` is the last tenant of the page, null when there are no more. */
  async function page(limit: number, after: string | undefined) {
    const { tenants: found, next } = await tenants.list({
      limit: TENANTS_PER_PAGE,
      ...(after === undefined ? {} : { after }),
    });
    const data: EndpointView[] = [];
    for (const [index, { tenantId }] of found.entries()) {
      data.push(...(await viewsOf(tenantId)));
      const isLast = index === found.length - 1 && next === null;
      if (data.length >= limit && !isLast) return { data, next: tenantId };
    }
    return { data, next };
  }

  return async function listEndpoints(request) {
    const { cursor, limit, tenantId } = request.query(endpointQuerySchema);
    if (tenantId !== undefined) return { body: { data: await viewsOf(tenantId), nextCursor: null } };
    const { after, next } = cursors({ list: 'webhook-endpoints' }, cursor);
    const { data, next: last } = await page(limit, after?.id);
    // Tenants are in the order of their ids: there is no time in their cursor.
    return { body: { data, nextCursor: last === null ? null : next({ createdAt: '', id: last }) } };
  };
}
