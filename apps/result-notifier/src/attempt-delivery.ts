import type { Clock, DeliveryQueue, DeliveryStore, TenantStore } from '@afterimage/job-core';
import type { Delivery } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import { afterAttempt } from './after-attempt.ts';
import { METRICS } from './metrics.ts';
import type { Deliver, DeliveryResult } from './webhook/deliver.ts';
import { signedHeaders, UnusableSecretError } from './webhook/sign.ts';

export interface AttemptPorts {
  readonly deliveries: DeliveryStore;
  readonly tenants: TenantStore;
  readonly queue: DeliveryQueue;
  readonly deliver: Deliver;
  readonly telemetry: Telemetry;
  readonly now: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

const METRIC_OF_STATUS = { delivered: METRICS.delivered, pending: METRICS.retried, failed: METRICS.failed } as const;

/**
 * Makes the attempt that a pending delivery is at, records its result and asks for the next one. A crash before the record
 * repeats the attempt under the same `webhook-id`.
 */
export function makeAttemptDelivery(ports: AttemptPorts) {
  const { deliveries, tenants, queue, deliver, now, random } = ports;
  const { log, metrics } = ports.telemetry;

  async function send({ tenantId, eventId, url, body, traceparent }: Delivery): Promise<DeliveryResult> {
    const tenant = await tenants.get(tenantId);
    const secrets = tenant?.webhookSecrets ?? [];
    if (secrets.length === 0) return { kind: 'refused', error: 'the tenant has no webhook secret to sign with' };
    try {
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Afterimage-Webhooks/1',
        ...signedHeaders({ id: eventId, body, sentAt: now(), secrets }),
        ...(traceparent === null ? {} : { traceparent }),
      };
      return await deliver({ url, headers, body });
    } catch (error) {
      if (error instanceof UnusableSecretError) return { kind: 'refused', error: error.message };
      throw error;
    }
  }

  /** The delivery is due a little after the queued attempt, so a message that is not sent costs time, not the attempt. */
  async function enqueue(delivery: Delivery, delaySeconds: number): Promise<void> {
    const { id: deliveryId, attempt } = delivery;
    try {
      await queue.send({ deliveryId, attempt: attempt + 1 }, delaySeconds);
    } catch (error) {
      log.warn('retry is left to the reconciler', { deliveryId, jobId: delivery.jobId, error });
    }
  }

  return async function attemptDelivery(delivery: Delivery): Promise<void> {
    const { id: deliveryId, jobId, attempt } = delivery;
    const startedAt = now();
    const result = await send(delivery);
    const endedAt = now();
    const latencyMs = endedAt.getTime() - startedAt.getTime();
    const { update, queueDelaySeconds } = afterAttempt(delivery, result, { now: endedAt, latencyMs, random: random() });
    const isRecorded = await deliveries.update(deliveryId, attempt, update);
    const { status, lastStatusCode: statusCode, lastError } = update;
    log.info('webhook attempted', { deliveryId, jobId, attempt, isRecorded, status, statusCode, lastError, latencyMs });
    if (!isRecorded) return;
    metrics.count(METRIC_OF_STATUS[status]);
    metrics.duration(METRICS.latencyMs, latencyMs);
    if (queueDelaySeconds !== null) await enqueue(delivery, queueDelaySeconds);
  };
}
