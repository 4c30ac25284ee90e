import {
  after,
  type Clock,
  type DeliveryQueue,
  type DeliveryStore,
  type DeliveryUpdate,
  type TargetSlot,
  webhookHeaders,
} from '@afterimage/job-core';
import { type Delivery, type DisabledReason, TEST_EVENT } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import { afterAttempt, isDelivered, isGone, MAX_QUEUE_DELAY_SECONDS, QUEUE_GRACE_SECONDS } from './after-attempt.ts';
import { METRICS } from './metrics.ts';
import type { Recipient } from './recipient.ts';
import type { TargetGate } from './target-gate.ts';
import type { Deliver, DeliveryResult } from './webhook/deliver.ts';
import { signature, UnusableSecretError } from './webhook/sign.ts';

export type TracedAttempt = <T>(delivery: Delivery, work: (traceparent: string | null) => Promise<T>) => Promise<T>;

export interface AttemptPorts {
  readonly deliveries: Pick<DeliveryStore, 'update'>;
  readonly findRecipient: (delivery: Delivery) => Promise<Recipient>;
  readonly gate: TargetGate;
  readonly disableEndpoint: (tenantId: string, endpointId: string, reason: DisabledReason) => Promise<void>;
  readonly queue: DeliveryQueue;
  readonly deliver: Deliver;
  /** Runs one attempt as a part of the delivery's trace, and tells its place there. */
  readonly traced: TracedAttempt;
  readonly telemetry: Telemetry;
  readonly now: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** A request as it was made, or would have been. */
interface MadeRequest {
  readonly sentAt: Date;
  readonly endedAt: Date;
  /** Null when none was sent. */
  readonly traceparent: string | null;
  readonly result: DeliveryResult;
}

const METRIC_OF_STATUS = { delivered: METRICS.delivered, pending: METRICS.retried, failed: METRICS.failed } as const;
const DISABLE_AFTER_DAYS = 5;
const DAY_MS = 86_400_000;
const MAX_ATTEMPTS_KEPT = 50;

/**
 * Makes the attempt that a pending delivery is at, records its result and asks for the next one; or makes room for other
 * receivers and asks for the same attempt later. A crash before the record repeats the attempt under the same `webhook-id`.
 */
export function makeAttemptDelivery(ports: AttemptPorts) {
  const { deliveries, findRecipient, gate, disableEndpoint, queue, deliver, traced, now, random } = ports;
  const { log, metrics } = ports.telemetry;

  async function send(
    delivery: Delivery,
    { url, secrets }: Recipient & { kind: 'ready' },
    { sentAt, traceparent }: Pick<MadeRequest, 'sentAt' | 'traceparent'>,
  ): Promise<DeliveryResult> {
    const { eventId: id, body } = delivery;
    try {
      const signed = { 'webhook-signature': signature({ id, body, sentAt, secrets }) };
      return await deliver({
        url,
        headers: { ...webhookHeaders({ eventId: id, traceparent }, sentAt), ...signed },
        body,
      });
    } catch (error) {
      if (error instanceof UnusableSecretError) return { kind: 'refused', error: error.message };
      throw error;
    }
  }

  /** The delivery is due a little after the queued attempt, so a message that is not sent costs time, not the attempt. */
  async function enqueue({ id: deliveryId, subject }: Delivery, attempt: number, delaySeconds: number): Promise<void> {
    try {
      await queue.send({ deliveryId, attempt }, delaySeconds);
    } catch (error) {
      log.warn('retry is left to the reconciler', { deliveryId, subject, error });
    }
  }

  async function record(delivery: Delivery, { sentAt, endedAt, traceparent, result }: MadeRequest): Promise<void> {
    const { id: deliveryId, subject, endpointId, attempt } = delivery;
    const latencyMs = endedAt.getTime() - sentAt.getTime();
    const { update, queueDelaySeconds } = afterAttempt(delivery, result, { now: endedAt, latencyMs, random: random() });
    const { status, lastStatusCode: statusCode, lastError: error } = update;
    const made = { number: attempt, sentAt: sentAt.toISOString(), statusCode, error, latencyMs, traceparent };
    const attempts = [...delivery.attempts, made].slice(-MAX_ATTEMPTS_KEPT);
    const isRecorded = await deliveries.update(deliveryId, attempt, { ...update, attempts });
    const about = { deliveryId, subject, endpointId, deliveryAttempt: attempt };
    log.info('webhook attempted', { ...about, isRecorded, status, statusCode, lastError: error, latencyMs });
    if (!isRecorded) return;
    metrics.count(METRIC_OF_STATUS[status]);
    metrics.duration(METRICS.latencyMs, latencyMs);
    if (queueDelaySeconds !== null) await enqueue(delivery, attempt + 1, queueDelaySeconds);
  }

  /** Keeps what is known of the receiver up to date. */
  async function judge(delivery: Delivery, result: DeliveryResult, mayHaveFailed: boolean): Promise<void> {
    if (isDelivered(result)) return gate.succeeded(delivery, mayHaveFailed);
    const { tenantId, endpointId, eventType } = delivery;
    if (eventType === TEST_EVENT || result.kind === 'refused') return;
    const { failingSince } = await gate.failed(delivery);
    if (endpointId === null) return;
    if (isGone(result)) return disableEndpoint(tenantId, endpointId, 'gone');
    if (now().getTime() - Date.parse(failingSince) >= DISABLE_AFTER_DAYS * DAY_MS)
      await disableEndpoint(tenantId, endpointId, 'failing');
  }

  /** A slot that is not given back is free when its lease ends; the result must be recorded either way. */
  async function leave(delivery: Delivery, url: string, slot: TargetSlot): Promise<void> {
    try {
      await gate.leave(delivery, url, slot);
    } catch (error) {
      log.warn('slot is left to its lease', { deliveryId: delivery.id, error });
    }
  }

  async function postpone(delivery: Delivery, seconds: number): Promise<void> {
    const { id: deliveryId, subject, attempt, status, lastStatusCode, lastError, lastLatencyMs } = delivery;
    const isQueued = seconds < QUEUE_GRACE_SECONDS && seconds <= MAX_QUEUE_DELAY_SECONDS;
    const dueAt = after(now(), isQueued ? seconds + QUEUE_GRACE_SECONDS : seconds);
    const update: DeliveryUpdate = { status, attempt, dueAt, lastStatusCode, lastError, lastLatencyMs };
    const isRecorded = await deliveries.update(deliveryId, attempt, update);
    log.info('webhook postponed', { deliveryId, subject, deliveryAttempt: attempt, isRecorded, seconds });
    metrics.count(METRICS.postponed);
    if (isRecorded && isQueued) await enqueue(delivery, attempt, Math.ceil(seconds));
  }

  return async function attemptDelivery(delivery: Delivery): Promise<void> {
    const recipient = await findRecipient(delivery);
    if (recipient.kind === 'refused') {
      const at = now();
      return record(delivery, { sentAt: at, endedAt: at, traceparent: null, result: recipient });
    }
    const { url } = recipient;
    const passage = await gate.enter(delivery, url);
    if (passage.kind === 'later') return postpone(delivery, passage.seconds);
    let request: MadeRequest;
    try {
      request = await traced(delivery, async (traceparent) => {
        const about = { sentAt: now(), traceparent };
        const result = await send(delivery, recipient, about);
        return { ...about, result, endedAt: now() };
      });
    } finally {
      await leave(delivery, url, passage.slot);
    }
    await record(delivery, request);
    await judge(delivery, request.result, passage.mayHaveFailed);
  };
}
