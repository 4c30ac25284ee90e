import { actSchema, deliveryQuerySchema } from '@afterimage/admin-schemas';
import {
  checkEndpointEnabled,
  type DeliveryStore,
  presentDelivery,
  ProblemError,
  type WebhookEndpointStore,
} from '@afterimage/job-core';
import { type Delivery, idPattern } from '@afterimage/job-schemas';
import type { AdminHandler } from '../api/admin-request.ts';
import type { MakeCursor } from '../api/cursors.ts';

export interface DeliveryHandlersPorts {
  readonly deliveries: Pick<DeliveryStore, 'get' | 'list'>;
  readonly endpoints: Pick<WebhookEndpointStore, 'get'>;
  readonly redeliver: (delivery: Delivery) => Promise<void>;
  readonly cursors: MakeCursor;
}

const ENDPOINT_ID = idPattern('whe');
const DELIVERY_ID = idPattern('whd');

/** Deliveries to any tenant's endpoint, and one more round of attempts at them. */
export function makeDeliveryHandlers({ deliveries, endpoints, redeliver, cursors }: DeliveryHandlersPorts) {
  async function find(id: string): Promise<Delivery> {
    const delivery = DELIVERY_ID.test(id) ? await deliveries.get(id) : undefined;
    if (delivery !== undefined) return delivery;
    throw new ProblemError('not-found', { detail: `there is no webhook delivery ${id}` });
  }

  async function checkEndpoint({ tenantId, endpointId }: Delivery): Promise<void> {
    if (endpointId === null) return;
    const endpoint = await endpoints.get(tenantId, endpointId);
    if (endpoint === undefined) {
      throw new ProblemError('not-found', { detail: `there is no webhook endpoint ${endpointId} any more` });
    }
    checkEndpointEnabled(endpoint);
  }

  const list: AdminHandler = async (request) => {
    const { cursor, limit, status } = request.query(deliveryQuerySchema);
    const endpointId = request.param('id');
    if (!ENDPOINT_ID.test(endpointId)) {
      throw new ProblemError('not-found', { detail: `there is no webhook endpoint ${endpointId}` });
    }
    const filter = { endpointId, ...(status === undefined ? {} : { status }) };
    const { after, next } = cursors({ list: 'deliveries', ...filter }, cursor);
    const page = await deliveries.list({ ...filter, limit, ...(after === undefined ? {} : { after }) });
    const nextCursor = page.next === null ? null : next(page.next);
    return { body: { data: page.deliveries.map(presentDelivery), nextCursor } };
  };

  const redeliverOne: AdminHandler = async (request) => {
    request.body(actSchema);
    const before = await find(request.param('id'));
    await checkEndpoint(before);
    await redeliver(before);
    const after = await find(before.id);
    const summary = ({ status, attempt }: Delivery) => ({ status, attempt });
    return { body: presentDelivery(after), before: summary(before), after: summary(after) };
  };

  return { list, redeliverOne };
}
