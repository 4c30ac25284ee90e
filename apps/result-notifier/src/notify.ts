import type { Clock, DeliveryStore, JobStore } from '@afterimage/job-core';
import { after } from '@afterimage/job-core';
import type { Delivery, DeliveryMessage, JobEvent, JobRecord, Notification } from '@afterimage/job-schemas';
import { deliveryId } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import { QUEUE_GRACE_SECONDS } from './after-attempt.ts';
import { webhookBody } from './webhook/webhook-body.ts';

export interface NotifyPorts {
  readonly jobs: JobStore;
  readonly deliveries: DeliveryStore;
  readonly attemptDelivery: (delivery: Delivery) => Promise<void>;
  readonly telemetry: Telemetry;
  readonly now: Clock;
}

function newDelivery(event: JobEvent, job: JobRecord, url: string, now: Date): Delivery {
  return {
    id: deliveryId(event.id, url),
    tenantId: job.tenantId,
    eventId: event.id,
    jobId: job.id,
    url,
    status: 'pending',
    attempt: 1,
    body: webhookBody(event),
    traceparent: event.traceparent ?? null,
    createdAt: now.toISOString(),
    dueAt: after(now, QUEUE_GRACE_SECONDS),
    lastStatusCode: null,
    lastError: null,
    lastLatencyMs: null,
  };
}

/** Handles one message of the notifications queue. When it rejects, the message has to come back. */
export function makeNotify({ jobs, deliveries, attemptDelivery, telemetry, now }: NotifyPorts) {
  const { log } = telemetry;

  async function attemptIfDue(delivery: Delivery | undefined, message: DeliveryMessage): Promise<void> {
    if (delivery?.status === 'pending' && delivery.attempt === message.attempt) return attemptDelivery(delivery);
    log.info('attempt is not due any more', { ...message, jobId: delivery?.jobId, status: delivery?.status });
  }

  async function onJobEvent(event: JobEvent): Promise<void> {
    const job = await jobs.get(event.subject);
    if (job?.webhook?.events.includes(event.type) !== true) return;
    // An event that comes twice finds the delivery that the first one made, at whatever attempt it is by then.
    const delivery = await deliveries.create(newDelivery(event, job, job.webhook.url, now()));
    await attemptIfDue(delivery, { deliveryId: delivery.id, attempt: 1 });
  }

  return async function notify(notification: Notification): Promise<void> {
    if ('deliveryId' in notification) {
      await attemptIfDue(await deliveries.get(notification.deliveryId), notification);
    } else {
      await onJobEvent(notification);
    }
  };
}
