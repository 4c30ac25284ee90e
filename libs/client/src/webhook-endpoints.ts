import { checkInteger } from './client-options.ts';
import type { CallOptions } from './job-handle.ts';
import { checkIdempotencyKey } from './jobs.ts';
import {
  type Page,
  readWebhookDelivery,
  readWebhookDeliveryPage,
  readWebhookEndpoint,
  readWebhookEndpointPage,
  readWebhookEndpointWithSecret,
  readRedeliveries,
} from './read-webhooks.ts';
import type { Runtime } from './runtime.ts';
import type { Transport } from './transport.ts';
import type {
  CreateWebhookEndpointRequest,
  UpdateWebhookEndpointRequest,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointWithSecret,
} from './webhook-endpoint.ts';

export interface ListDeliveriesOptions extends CallOptions {
  readonly status?: string | undefined;
  /** How many deliveries at most, over all pages. */
  readonly limit?: number | undefined;
}

export interface CreateEndpointOptions extends CallOptions {
  /**
   * The same key and request make one endpoint. It is a new key unless given, which repetitions of this call keep. The secret
   * is shown again for a day.
   */
  readonly idempotencyKey?: string | undefined;
}

export interface WebhookEndpoints {
  /** The answer is the only one with the secret, beside that of `rotateSecret`. */
  create(request: CreateWebhookEndpointRequest, options?: CreateEndpointOptions): Promise<WebhookEndpointWithSecret>;
  list(options?: CallOptions): Promise<readonly WebhookEndpoint[]>;
  get(id: string, options?: CallOptions): Promise<WebhookEndpoint>;
  update(id: string, request: UpdateWebhookEndpointRequest, options?: CallOptions): Promise<WebhookEndpoint>;
  delete(id: string, options?: CallOptions): Promise<void>;
  /** The old secret signs for 24 hours more. */
  rotateSecret(id: string, options?: CallOptions): Promise<WebhookEndpointWithSecret>;
  /** Sends a test event now; what became of it. */
  test(id: string, options?: CallOptions): Promise<WebhookDelivery>;
  /** Newest first; pages are fetched as they are needed. */
  deliveries(id: string, options?: ListDeliveriesOptions): AsyncGenerator<WebhookDelivery, void, undefined>;
  /** Sends every event again whose delivery failed since then, but for tests; how many. */
  redeliverFailed(id: string, since: string | Date, options?: CallOptions): Promise<number>;
}

export interface WebhookDeliveries {
  get(id: string, options?: CallOptions): Promise<WebhookDelivery>;
  /** Sends the event again, with the same id and body. */
  redeliver(id: string, options?: CallOptions): Promise<WebhookDelivery>;
}

const ENDPOINTS = '/v1/webhook-endpoints';
/** The most that the API puts on one page. */
const PAGE_LIMIT = 100;
/** How long a test may take, on top of the time for one request. */
const TEST_SECONDS = 20;
const JSON_TYPE = { 'content-type': 'application/json' };

/** @throws TypeError for what would be another path */
function pathOf(collection: string, id: string): string {
  if (!/^\w+$/.test(id)) throw new TypeError('an id must be letters, digits and underscores');
  return `${collection}/${id}`;
}

export function makeWebhookEndpoints(transport: Transport, runtime: Runtime): WebhookEndpoints {
  const at = (id: string) => pathOf(ENDPOINTS, id);

  async function page(id: string, query: URLSearchParams, signal?: AbortSignal): Promise<Page<WebhookDelivery>> {
    return readWebhookDeliveryPage(await transport.send({ path: `${at(id)}/deliveries?${query}`, signal }));
  }

  async function* deliveries(
    id: string,
    { status, limit = Number.POSITIVE_INFINITY, signal }: ListDeliveriesOptions,
  ): AsyncGenerator<WebhookDelivery, void, undefined> {
    let left = limit;
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: String(Math.min(left, PAGE_LIMIT)) });
      if (status !== undefined) query.set('status', status);
      if (cursor !== null) query.set('cursor', cursor);
      const { data, nextCursor }: Page<WebhookDelivery> = await page(id, query, signal);
      yield* data;
      left -= data.length;
      cursor = nextCursor;
    } while (cursor !== null && left > 0);
  }

  return {
    async create(request, { idempotencyKey = runtime.newIdempotencyKey(), signal } = {}) {
      const headers = { ...JSON_TYPE, 'idempotency-key': JSON.stringify(checkIdempotencyKey(idempotencyKey)) };
      const post = { path: ENDPOINTS, method: 'POST', headers, body: JSON.stringify(request), signal } as const;
      return readWebhookEndpointWithSecret(await transport.send(post));
    },
    async list({ signal } = {}) {
      return readWebhookEndpointPage(await transport.send({ path: ENDPOINTS, signal })).data;
    },
    async get(id, { signal } = {}) {
      return readWebhookEndpoint(await transport.send({ path: at(id), signal }));
    },
    async update(id, request, { signal } = {}) {
      const patch = { path: at(id), method: 'PATCH', headers: JSON_TYPE, body: JSON.stringify(request) } as const;
      return readWebhookEndpoint(await transport.send({ ...patch, signal }));
    },
    async delete(id, { signal } = {}) {
      await transport.send({ path: at(id), method: 'DELETE', signal });
    },
    async rotateSecret(id, { signal } = {}) {
      const post = { path: `${at(id)}/rotate-secret`, method: 'POST', signal } as const;
      return readWebhookEndpointWithSecret(await transport.send({ ...post, isRepeatable: false }));
    },
    async test(id, { signal } = {}) {
      const post = { path: `${at(id)}/test`, method: 'POST', waitSeconds: TEST_SECONDS, signal } as const;
      return readWebhookDelivery(await transport.send(post));
    },
    deliveries(id, options = {}) {
      if (options.limit !== undefined) checkInteger('limit', options.limit, 1);
      return deliveries(id, options);
    },
    async redeliverFailed(id, since, { signal } = {}) {
      const query = new URLSearchParams({ since: since instanceof Date ? since.toISOString() : since });
      let total = 0;
      for (;;) {
        const post = { path: `${at(id)}/redeliver-failed?${query}`, method: 'POST', signal } as const;
        const { redelivered, nextCursor } = readRedeliveries(await transport.send(post));
        total += redelivered;
        if (nextCursor === null) return total;
        query.set('cursor', nextCursor);
      }
    },
  };
}

export function makeWebhookDeliveries(transport: Transport): WebhookDeliveries {
  const at = (id: string) => pathOf('/v1/webhook-deliveries', id);
  return {
    async get(id, { signal } = {}) {
      return readWebhookDelivery(await transport.send({ path: at(id), signal }));
    },
    async redeliver(id, { signal } = {}) {
      return readWebhookDelivery(await transport.send({ path: `${at(id)}/redeliver`, method: 'POST', signal }));
    },
  };
}
