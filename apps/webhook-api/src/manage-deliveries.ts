import { type ApiRequest, parseParameters } from '@afterimage/app-host/lambda';
import { type CursorScope, decodeCursor, encodeCursor } from '@afterimage/app-host/http';
import { checkEndpointEnabled, type DeliveryQuery, type DeliveryStore, ProblemError } from '@afterimage/job-core';
import {
  type Delivery,
  deliveryListQuerySchema,
  type Redeliveries,
  redeliverFailedQuerySchema,
  TEST_EVENT,
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

interface PageRequest {
  readonly tenantId: string;
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** Records of deliveries, and more attempts at them. */
export function makeManageDeliveries({ deliveries, findEndpoint, redeliver, cursorSecret }: ManageDeliveriesPorts) {
  async function get(tenantId: string, deliveryId: string): Promise<Delivery> {
    const delivery = await deliveries.get(deliveryId);
    if (delivery?.tenantId === tenantId) return delivery;
    throw new ProblemError('not-found', { detail: `there is no webhook delivery ${deliveryId}` });
  }

  async function listPage(
    filter: Omit<DeliveryQuery, 'limit' | 'after'>,
    { tenantId, cursor, limit }: PageRequest,
  ): Promise<DeliveryPage> {
    const scope: CursorScope = { tenantId, ...filter };
    const after = cursor === undefined ? {} : { after: decodeCursor(cursor, scope, cursorSecret) };
    const page = await deliveries.list({ ...filter, ...after, limit });
    const nextCursor = page.next === null ? null : encodeCursor(page.next, scope, cursorSecret);
    return { deliveries: page.deliveries, nextCursor };
  }

  return {
    get,
    async list(request: ApiRequest): Promise<DeliveryPage> {
      const tenantId = request.tenantId();
      const { cursor, limit, status } = parseParameters(deliveryListQuerySchema, request.query(), 'query parameter');
      const { id: endpointId } = await findEndpoint(tenantId, request.param('id'));
      return listPage({ endpointId, ...(status === undefined ? {} : { status }) }, { tenantId, cursor, limit });
    },
    /** The delivery as it is once it is asked for. */
    async redeliver(tenantId: string, deliveryId: string): Promise<Delivery> {
      const delivery = await get(tenantId, deliveryId);
      if (delivery.endpointId !== null) checkEndpointEnabled(await findEndpoint(tenantId, delivery.endpointId));
      await redeliver(delivery);
      return get(tenantId, deliveryId);
    },
    /** Those of tests are left alone. */
    async redeliverFailed(request: ApiRequest): Promise<Redeliveries> {
      const tenantId = request.tenantId();
      const { since, cursor } = parseParameters(redeliverFailedQuerySchema, request.query(), 'query parameter');
      const endpoint = await findEndpoint(tenantId, request.param('id'));
      checkEndpointEnabled(endpoint);
      const filter = { endpointId: endpoint.id, status: 'failed', createdSince: since } as const;
      const page = await listPage(filter, { tenantId, cursor, limit: REDELIVER_AT_MOST });
      // A test told whoever asked for it how the receiver was then.
      const failed = page.deliveries.filter(({ eventType }) => eventType !== TEST_EVENT);
      await Promise.all(failed.map(redeliver));
      const { nextCursor } = page;
      const hasMore = nextCursor !== null;
      return { object: 'webhook_redeliveries', redelivered: failed.length, hasMore, nextCursor };
    },
  };
}
