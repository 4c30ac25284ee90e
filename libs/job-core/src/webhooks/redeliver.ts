import type { Delivery, WebhookEndpointRecord } from '@afterimage/job-schemas';
import { ProblemError } from '../errors.ts';
import { after } from '../lifecycle.ts';
import type { Clock, DeliveryQueue } from '../ports.ts';
import type { DeliveryStore } from './webhook-ports.ts';

/** How long after its time an attempt that was asked for is taken for lost, and asked for again. */
const GRACE_SECONDS = 60;

export interface RedeliverPorts {
  readonly deliveries: DeliveryStore;
  readonly queue: DeliveryQueue;
  readonly now: Clock;
}

/** @throws ProblemError when nothing is sent to the endpoint, so that nothing can be sent again */
export function checkEndpointEnabled({ id, disabledReason }: WebhookEndpointRecord): void {
  if (disabledReason === null) return;
  const detail = `the webhook endpoint ${id} is disabled (${disabledReason}), enable it first`;
  throw new ProblemError('webhook-endpoint-disabled', { detail });
}

/**
 * Asks for one more round of attempts at a delivery, the first one at once. One that is pending is not waited for any
 * longer. Whatever is lost after the write is due, so that the reconciler asks again.
 */
export function makeRedeliver({ deliveries, queue, now }: RedeliverPorts) {
  return async function redeliver(delivery: Delivery): Promise<void> {
    const { id: deliveryId, status, attempt } = delivery;
    if (status === 'pending') return queue.send({ deliveryId, attempt }, 0);
    if (!(await deliveries.reopen(deliveryId, attempt, after(now(), GRACE_SECONDS)))) return;
    await queue.send({ deliveryId, attempt: attempt + 1 }, 0);
  };
}
