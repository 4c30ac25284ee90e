import { type ApiRequest, parseParameters } from '@afterimage/app-host/lambda';
import { type CursorScope, decodeCursor, encodeCursor } from '@afterimage/app-host/http';
import { checkEndpointEnabled, type DeliveryStore, ProblemError } from '@afterimage/job-core';
import {
  type Delivery,
  deliveryListQuerySchema,
  type Redeliveries,
  redeliverFailedQuerySchema,
  type WebhookEndpointRecord,
} from '@afterimage/job-schemas';

/** Deliveries that one call sends again. */
export const REDELIVER_AT_MOST = 100;

export interface ManageDeliveriesPorts {
  readonly deliveries: Pick<DeliveryStore, 'get' | 'list'>;
  readonly findEndpoint: (tenantId: string, endpointId: string) => Promise<WebhookEndpointRecord>;
  readonly redeliver: (delivery: Delivery) => Promise<void>;
  readonly cursorSecret: string;
}

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  readonly nextCursor: string | null;
}

/** Records of deliveries, and more attempts at them. */
export function makeManageDeliveries({ deliveries, findEndpoint, redeliver, cursorSecret }: ManageDeliveriesPorts) {
  async function get(tenantId: string, deliveryId: string): Promise<Delivery> {
    const delivery = await deliveries.get(deliveryId);
    if (delivery?.tenantId === tenantId) return delivery;
    throw new ProblemError('not-found', { detail: `there is no webhook delivery ${deliveryId}` });
  }

  return {
    get,
    async list(request: ApiRequest): Promise<DeliveryPage> {
      const tenantId = request.tenantId();
      const { cursor, limit, status } = parseParameters(deliveryListQuerySchema, request.query(), 'query parameter');
      const { id: endpointId } = await findEndpoint(tenantId, request.param('id'));
      const filter = { endpointId, ...(status === undefined ? {} : { status }) };
      const scope: CursorScope = { tenantId, ...filter };
      const after = cursor === undefined ? {} : { after: decodeCursor(cursor, scope, cursorSecret) };
      const page = await deliveries.list({ ...filter, ...after, limit });
      const nextCursor = page.next === null ? null : encodeCursor(page.next, scope, cursorSecret);
      return { deliveries: page.deliveries, nextCursor };
    },
    /** The delivery as it is once it is asked for. */
    async redeliver(tenantId: string, deliveryId: string): Promise<Delivery> {
      const delivery = await get(tenantId, deliveryId);
      if (delivery.endpointId !== null) checkEndpointEnabled(await findEndpoint(tenantId, delivery.endpointId));
      await redeliver(delivery);
      return get(tenantId, deliveryId);
    },
    async redeliverFailed(request: ApiRequest): Promise<Redeliveries> {
      const { since } = parseParameters(redeliverFailedQuerySchema, request.query(), 'query parameter');
      const endpoint = await findEndpoint(request.tenantId(), request.param('id'));
      checkEndpointEnabled(endpoint);
      const query = {
        endpointId: endpoint.id,
        status: 'failed',
        createdSince: since,
        limit: REDELIVER_AT_MOST,
      } as const;
      const { deliveries: failed, next } = await deliveries.list(query);
      await Promise.all(failed.map(redeliver));
      return { object: 'webhook_redeliveries', redelivered: failed.length, hasMore: next !== null };
    },
  };
}
