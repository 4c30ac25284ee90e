import { after, type Clock, type DeliveryQueue, type DeliveryStore } from '@afterimage/job-core';
import {
  type Delivery,
  encodeId,
  TEST_EVENT,
  type TestWebhookBody,
  type WebhookEndpointRecord,
} from '@afterimage/job-schemas';

/** The notifier has this long before it is asked again. */
const GRACE_SECONDS = 60;

export interface TestEndpointPorts {
  readonly deliveries: Pick<DeliveryStore, 'create' | 'get'>;
  readonly queue: DeliveryQueue;
  readonly findEndpoint: (tenantId: string, endpointId: string) => Promise<WebhookEndpointRecord>;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly pollIntervalMs: number;
  readonly now: Clock;
}

/** Sends a test event to an endpoint, once and the way of every delivery, and waits for what becomes of it. */
export function makeTestEndpoint(ports: TestEndpointPorts) {
  const { deliveries, queue, findEndpoint, randomBytes, sleep, monotonicMs, pollIntervalMs, now } = ports;

  function testDelivery({ id: endpointId, tenantId, url }: WebhookEndpointRecord): Delivery {
    const time = now();
    const createdAt = time.toISOString();
    const body: TestWebhookBody = { type: TEST_EVENT, timestamp: createdAt, data: { endpointId } };
    return {
      id: encodeId('whd', randomBytes(16)),
      tenantId,
      eventId: encodeId('evt', randomBytes(16)),
      eventType: TEST_EVENT,
      subject: endpointId,
      endpointId,
      url,
      status: 'pending',
      attempt: 1,
      firstAttempt: 1,
      body: JSON.stringify(body),
      traceparent: null,
      createdAt,
      dueAt: after(time, GRACE_SECONDS),
      lastStatusCode: null,
      lastError: null,
      lastLatencyMs: null,
      attempts: [],
    };
  }

  /** The delivery as it is when it has ended, or after `waitMs`. */
  return async function testEndpoint(tenantId: string, endpointId: string, waitMs: number): Promise<Delivery> {
    const endsAt = monotonicMs() + waitMs;
    let delivery = await deliveries.create(testDelivery(await findEndpoint(tenantId, endpointId)));
    await queue.send({ deliveryId: delivery.id, attempt: 1 }, 0);
    while (delivery.status === 'pending' && monotonicMs() < endsAt) {
      await sleep(pollIntervalMs);
      delivery = (await deliveries.get(delivery.id)) ?? delivery;
    }
    return delivery;
  };
}
