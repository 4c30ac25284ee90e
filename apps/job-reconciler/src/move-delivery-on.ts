import { after, type Clock, type DeliveryQueue, type DeliveryStore } from '@afterimage/job-core';

/** Seconds that the notifier has for an attempt it was asked for, before it is asked again. */
const ASK_AGAIN_SECONDS = 60;

export interface MoveDeliveryOnPorts {
  readonly deliveries: DeliveryStore;
  readonly queue: DeliveryQueue;
  readonly now: Clock;
}

/**
 * Asks the notifier for the attempt of a webhook delivery that is due. `dueAt` moves on first: a crash before the message
 * delays the attempt, and the other order would send a message each run while the notifier is behind.
 */
export function makeMoveDeliveryOn({ deliveries, queue, now }: MoveDeliveryOnPorts) {
  return async function moveDeliveryOn(deliveryId: string): Promise<'enqueueDelivery' | 'none'> {
    const delivery = await deliveries.get(deliveryId);
    const time = now();
    if (delivery?.status !== 'pending') return 'none';
    if (delivery.dueAt === null || delivery.dueAt > time.toISOString()) return 'none';
    const { attempt, status, lastStatusCode, lastError, lastLatencyMs } = delivery;
    const dueAt = after(time, ASK_AGAIN_SECONDS);
    const isMoved = await deliveries.update(deliveryId, attempt, {
      status,
      attempt,
      dueAt,
      lastStatusCode,
      lastError,
      lastLatencyMs,
    });
    if (!isMoved) return 'none';
    await queue.send({ deliveryId, attempt }, 0);
    return 'enqueueDelivery';
  };
}
