import { idempotencyKeyOf, parseBody, type Route, waitMsWithin } from '@afterimage/app-host/lambda';
import {
  createWebhookEndpointSchema,
  type Delivery,
  updateWebhookEndpointSchema,
  type WebhookEndpoint,
} from '@afterimage/job-schemas';
import type { makeCreateEndpoint } from './create-endpoint.ts';
import type { makeManageDeliveries } from './manage-deliveries.ts';
import type { makeManageEndpoints } from './manage-endpoints.ts';
import { presentDelivery } from '@afterimage/job-core';

/** More than a receiver may take, less than API Gateway waits. */
const TEST_WAIT_SECONDS = 20;

export interface WebhookRoutesPorts {
  readonly createEndpoint: ReturnType<typeof makeCreateEndpoint>;
  readonly endpoints: ReturnType<typeof makeManageEndpoints>;
  readonly deliveries: ReturnType<typeof makeManageDeliveries>;
  readonly testEndpoint: (tenantId: string, endpointId: string, waitMs: number) => Promise<Delivery>;
  readonly apiUrl: string;
}

/** The routes under `/v1/webhook-endpoints` and `/v1/webhook-deliveries`. */
export function makeWebhookRoutes(ports: WebhookRoutesPorts) {
  const { createEndpoint, endpoints, deliveries, testEndpoint, apiUrl } = ports;
  const locationOf = ({ id }: WebhookEndpoint) => ({ location: `${apiUrl}/v1/webhook-endpoints/${id}` });

  const create: Route['handle'] = async (request) => {
    const idempotencyKey = idempotencyKeyOf(request);
    const body = request.json();
    const { endpoint, isReplay } = await createEndpoint({
      tenantId: request.tenantId(),
      path: request.path,
      body,
      request: parseBody(createWebhookEndpointSchema, body),
      idempotencyKey,
    });
    const replayed = isReplay ? { 'idempotency-replayed': 'true' } : {};
    return { status: 201, headers: { ...locationOf(endpoint), ...replayed }, body: endpoint };
  };

  const list: Route['handle'] = async (request) => {
    return { status: 200, body: { data: await endpoints.list(request.tenantId()), nextCursor: null } };
  };

  const get: Route['handle'] = async (request) => {
    return { status: 200, body: await endpoints.get(request.tenantId(), request.param('id')) };
  };

  const update: Route['handle'] = async (request) => {
    const body = parseBody(updateWebhookEndpointSchema, request.json());
    return { status: 200, body: await endpoints.update(request.tenantId(), request.param('id'), body) };
  };

  const remove: Route['handle'] = async (request) => {
    await endpoints.remove(request.tenantId(), request.param('id'));
    return { status: 204 };
  };

  const rotateSecret: Route['handle'] = async (request) => {
    return { status: 200, body: await endpoints.rotateSecret(request.tenantId(), request.param('id')) };
  };

  const test: Route['handle'] = async (request, context) => {
    const waitMs = waitMsWithin(context, TEST_WAIT_SECONDS);
    const delivery = await testEndpoint(request.tenantId(), request.param('id'), waitMs);
    return { status: 200, body: presentDelivery(delivery) };
  };

  const listDeliveries: Route['handle'] = async (request) => {
    const { deliveries: page, nextCursor } = await deliveries.list(request);
    const body = { data: page.map(presentDelivery), nextCursor };
    if (nextCursor === null) return { status: 200, body };
    const query = new URLSearchParams({ ...request.query(), cursor: nextCursor });
    const link = `<${apiUrl}${request.path}?${query.toString()}>; rel="next"`;
    return { status: 200, headers: { link }, body };
  };

  const redeliverFailed: Route['handle'] = async (request) => {
    return { status: 202, body: await deliveries.redeliverFailed(request) };
  };

  const getDelivery: Route['handle'] = async (request) => {
    return { status: 200, body: presentDelivery(await deliveries.get(request.tenantId(), request.param('id'))) };
  };

  const redeliver: Route['handle'] = async (request) => {
    return { status: 202, body: presentDelivery(await deliveries.redeliver(request.tenantId(), request.param('id'))) };
  };

  return {
    create,
    list,
    get,
    update,
    remove,
    rotateSecret,
    test,
    listDeliveries,
    redeliverFailed,
    getDelivery,
    redeliver,
  };
}
