import type { Clock, DeliveryStore, JobStore, WebhookEndpointStore } from '@afterimage/job-core';
import { after } from '@afterimage/job-core';
import type { BatchEvent, Delivery, DeliveryMessage, JobEvent, Notification } from '@afterimage/job-schemas';
import { deliveryId, endpointEventId } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import { noteDelivery, noteEvent } from './note-subject.ts';
import { QUEUE_GRACE_SECONDS } from './after-attempt.ts';
import { webhookBody } from './webhook/webhook-body.ts';

export interface NotifyPorts {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly endpoints: Pick<WebhookEndpointStore, 'list'>;
  readonly deliveries: Pick<DeliveryStore, 'create' | 'get'>;
  readonly attemptDelivery: (delivery: Delivery) => Promise<void>;
  readonly telemetry: Telemetry;
  readonly now: Clock;
}

type WebhookedEvent = JobEvent | BatchEvent;

interface Target {
  readonly url: string;
  /** Null for the webhook that the job or batch names itself. */
  readonly endpointId: string | null;
}

function newDelivery(event: WebhookedEvent, { url, endpointId }: Target, now: Date): Delivery {
  return {
    id: deliveryId(event.id, endpointId ?? url),
    tenantId: event.tenantid,
    eventId: endpointId === null ? event.id : endpointEventId(event.id, endpointId),
    eventType: event.type,
    subject: event.subject,
    endpointId,
    url,
    status: 'pending',
    attempt: 1,
    firstAttempt: 1,
    body: webhookBody(event),
    traceparent: event.traceparent ?? null,
    createdAt: now.toISOString(),
    dueAt: after(now, QUEUE_GRACE_SECONDS),
    lastStatusCode: null,
    lastError: null,
    lastLatencyMs: null,
    attempts: [],
  };
}

/** Handles one message of the notifications queue. When it rejects, the message has to come back. */
export function makeNotify({ jobs, endpoints, deliveries, attemptDelivery, telemetry, now }: NotifyPorts) {
  const { log } = telemetry;

  async function attemptIfDue(delivery: Delivery | undefined, message: DeliveryMessage): Promise<void> {
    if (delivery?.status === 'pending' && delivery.attempt === message.attempt) return attemptDelivery(delivery);
    const { deliveryId, attempt: deliveryAttempt } = message;
    const { subject, status } = delivery ?? {};
    log.info('attempt is not due any more', { deliveryId, deliveryAttempt, subject, status });
  }

  async function ownWebhook(event: WebhookedEvent): Promise<Target[]> {
    if (event.type === 'batch.completed') {
      const { webhook } = event.data.batch;
      return webhook === null ? [] : [{ url: webhook.url, endpointId: null }];
    }
    const webhook = (await jobs.get(event.subject))?.webhook ?? null;
    return webhook?.events.includes(event.type) === true ? [{ url: webhook.url, endpointId: null }] : [];
  }

  async function tenantsEndpoints({ tenantid, type }: WebhookedEvent): Promise<Target[]> {
    const all = await endpoints.list(tenantid);
    const asking = all.filter(({ disabledReason, events }) => disabledReason === null && events.includes(type));
    return asking.map(({ id, url }) => ({ url, endpointId: id }));
  }

  async function onEvent(event: WebhookedEvent): Promise<void> {
    const targets = (await Promise.all([ownWebhook(event), tenantsEndpoints(event)])).flat();
    // An event that comes twice finds the deliveries that the first one made, at whatever attempt they are by then.
    const created = await Promise.all(targets.map((target) => deliveries.create(newDelivery(event, target, now()))));
    const attempts = created.map((delivery) => attemptIfDue(delivery, { deliveryId: delivery.id, attempt: 1 }));
    for (const attempt of await Promise.allSettled(attempts)) {
      if (attempt.status === 'rejected') throw attempt.reason;
    }
  }

  return async function notify(notification: Notification): Promise<void> {
    if ('deliveryId' in notification) {
      const delivery = await deliveries.get(notification.deliveryId);
      if (delivery !== undefined) noteDelivery(delivery);
      await attemptIfDue(delivery, notification);
    } else {
      noteEvent(notification);
      await onEvent(notification);
    }
  };
}
