import { setImmediate as nextTurn } from 'node:timers/promises';
import { after } from '@afterimage/job-core';
import type { DeliveryMessage, Notification, WebhookEndpointRecord } from '@afterimage/job-schemas';
import {
  InMemoryDeliveryStore,
  InMemoryJobStore,
  InMemoryTargetStore,
  InMemoryTenantStore,
  InMemoryWebhookEndpointStore,
  aTenant,
  recordingTelemetry,
} from '@afterimage/testing';
import { makeAttemptDelivery } from '../src/attempt-delivery.ts';
import { makeDisableEndpoint } from '../src/disable-endpoint.ts';
import { makeNotify } from '../src/notify.ts';
import { makeFindRecipient } from '../src/recipient.ts';
import { makeTargetGate } from '../src/target-gate.ts';
import type { DeliveryResult, WebhookRequest } from '../src/webhook/deliver.ts';

const BATCH_SIZE = 10;
const VISIBILITY_MS = 180_000;
const RECONCILE_MS = 60_000;
const ASK_AGAIN_SECONDS = 60;
/** Half of what is drawn at random. */
const RANDOM = 0.5;

/** Time that passes only when nothing is left to do in it. */
class VirtualTime {
  #ms = Date.parse('2026-01-02T03:04:05.000Z');
  readonly #timers: { readonly at: number; readonly run: () => void }[] = [];
  readonly now = () => new Date(this.#ms);

  schedule(delayMs: number, run: () => void): void {
    this.#timers.push({ at: this.#ms + delayMs, run });
    this.#timers.sort((a, b) => a.at - b.at);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.schedule(delayMs, resolve));
  }

  /** Passes time until `isOver`, or as long as `limitMs`. */
  async pass(limitMs: number, isOver: () => boolean = () => false): Promise<void> {
    const end = this.#ms + limitMs;
    for (;;) {
      // Stores in memory answer within the turn, so that after it everybody waits for time.
      await nextTurn();
      if (isOver()) return;
      const [next] = this.#timers;
      if (next === undefined || next.at > end) break;
      this.#timers.shift();
      this.#ms = next.at;
      next.run();
    }
    this.#ms = end;
  }
}

export interface VirtualNotifierOptions {
  readonly endpoints?: readonly WebhookEndpointRecord[];
  /** Invocations at a time. */
  readonly concurrency?: number;
  /** What a receiver does; it may take its time with `sleep`. */
  readonly receive: (request: WebhookRequest, sleep: (ms: number) => Promise<void>) => Promise<DeliveryResult>;
}

/** The notifier with its queue, its trigger and the reconciler, in virtual time. */
export function startVirtualNotifier({ endpoints: given = [], concurrency = 32, receive }: VirtualNotifierOptions) {
  const time = new VirtualTime();
  const { now } = time;
  const sleep = (ms: number) => time.sleep(ms);
  const telemetry = recordingTelemetry();
  const deliveries = new InMemoryDeliveryStore();
  const jobs = new InMemoryJobStore();
  const endpoints = new InMemoryWebhookEndpointStore(given);
  const targets = new InMemoryTargetStore();
  const tenants = new InMemoryTenantStore([aTenant({ tenantId: 'tenant-1' })]);
  const waiting: Notification[] = [];
  let running = 0;

  const notify = makeNotify({
    jobs,
    endpoints,
    deliveries,
    attemptDelivery: makeAttemptDelivery({
      traced: (delivery, work) => work(delivery.traceparent),
      deliveries,
      findRecipient: makeFindRecipient({ tenants, endpoints, secretBox: { open: () => 'whsec_bmV3' }, now }),
      gate: makeTargetGate({ targets, now, random: () => RANDOM, sleep }),
      disableEndpoint: makeDisableEndpoint({ endpoints, telemetry, now }),
      queue: { send: async (message, delaySeconds) => time.schedule(delaySeconds * 1000, () => send(message)) },
      deliver: (request) => receive(request, sleep),
      telemetry,
      now,
      random: () => RANDOM,
    }),
    telemetry,
    now,
  });

  async function invoke(batch: readonly Notification[]): Promise<void> {
    const results = await Promise.allSettled(batch.map((message) => notify(message)));
    results.forEach(({ status }, index) => {
      const message = batch[index];
      if (status === 'rejected' && message !== undefined) time.schedule(VISIBILITY_MS, () => send(message));
    });
    running -= 1;
    dispatch();
  }

  function dispatch(): void {
    while (running < concurrency && waiting.length > 0) {
      running += 1;
      void invoke(waiting.splice(0, BATCH_SIZE));
    }
  }

  function send(message: Notification): void {
    waiting.push(message);
    dispatch();
  }

  async function reconcile(): Promise<void> {
    const due = deliveries.all().filter(({ dueAt }) => dueAt !== null && dueAt <= now().toISOString());
    for (const { id, attempt, status, lastStatusCode, lastError, lastLatencyMs } of due) {
      const dueAt = after(now(), ASK_AGAIN_SECONDS);
      const last = { lastStatusCode, lastError, lastLatencyMs };
      if (!(await deliveries.update(id, attempt, { status, attempt, dueAt, ...last }))) continue;
      send({ deliveryId: id, attempt } satisfies DeliveryMessage);
    }
    time.schedule(RECONCILE_MS, () => void reconcile());
  }
  time.schedule(RECONCILE_MS, () => void reconcile());

  return { time, now, send, jobs, endpoints, deliveries, targets, tenants, telemetry };
}
