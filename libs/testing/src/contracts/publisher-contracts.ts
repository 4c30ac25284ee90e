import type { BatchEventPublisher, DeliveryQueue, EventPublisher, JobPublisher } from '@afterimage/job-core';
import { applyChange, batchEvent, cancel } from '@afterimage/job-core';
import type { BatchEvent, DeliveryMessage, JobEvent, JobMessage } from '@afterimage/job-schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import { aBatchRecord } from '../builders/batch-builders.ts';
import { aJobRecord, anId } from '../builders/job-builders.ts';
import { aJobEvent, aJobMessage } from '../builders/message-builders.ts';
import { waitFor } from '../wait-for.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const EMOJI = 'a fox 🦊 in the snow — “très joli”';

/** A port that sends, and what has arrived of it so far, in any order. */
export interface Sender<Port, Arrived> {
  readonly port: Port;
  arrived(): Promise<readonly Arrived[]>;
}

type Make<T> = () => T | Promise<T>;

/** Holds a {@link JobPublisher} to its port. */
export function describeJobPublisherContract(
  name: string,
  make: Make<Sender<JobPublisher, { readonly message: JobMessage; readonly traceparent: string | null }>>,
): void {
  describe(`${name} as a job publisher`, () => {
    it.each([TRACEPARENT, null])('delivers each claim check with the trace %s', async (traceparent) => {
      const { port, arrived } = await make();
      const message = aJobMessage(
        aJobRecord({ tenantId: 'Ténant 🦊', policy: { ...aJobRecord().policy, priority: 'batch' } }),
      );

      await port.publish(message, traceparent);
      await port.publish(message, traceparent);

      const messages = await waitFor(async () => atLeast(2, await arrived()));
      expect(messages).toStrictEqual([
        { message, traceparent },
        { message, traceparent },
      ]);
    });
  });
}

/** Holds an {@link EventPublisher} to its port. */
export function describeEventPublisherContract(
  name: string,
  make: Make<Sender<EventPublisher & BatchEventPublisher, JobEvent | BatchEvent>>,
): void {
  describe(`${name} as an event publisher`, () => {
    let sender: Sender<EventPublisher & BatchEventPublisher, JobEvent | BatchEvent>;

    beforeAll(async () => {
      sender = await make();
    });

    it('delivers events as they are, text of every script included', async () => {
      const queued = aJobRecord({ metadata: { title: EMOJI }, traceparent: TRACEPARENT });
      const change = cancel(queued, new Date(queued.createdAt));
      const canceled = change === undefined ? undefined : applyChange(queued, change);
      const events = [aJobEvent(queued), aJobEvent(canceled)];

      const options = { apiUrl: 'https://api.example.com', now: new Date(queued.createdAt) };
      const ofBatch = batchEvent(aBatchRecord({ metadata: { title: EMOJI } }), options);

      for (const event of events) await sender.port.publish(event);
      await sender.port.publishBatchEvent(ofBatch);

      const arrived = await waitFor(async () => atLeast(3, await sender.arrived()));
      expect(new Set(arrived)).toStrictEqual(new Set([...events, ofBatch]));
    });
  });
}

/** Holds a {@link DeliveryQueue} to its port. */
export function describeDeliveryQueueContract(name: string, make: Make<Sender<DeliveryQueue, DeliveryMessage>>): void {
  describe(`${name} as a delivery queue`, () => {
    let sender: Sender<DeliveryQueue, DeliveryMessage>;

    beforeAll(async () => {
      sender = await make();
    });

    it('delivers at once and after a delay', async () => {
      const first = { deliveryId: anId('whd'), attempt: 1 };
      const second = { deliveryId: anId('whd'), attempt: 2 };

      await sender.port.send(first, 0);
      await sender.port.send(second, 1);

      const arrived = await waitFor(async () => atLeast(2, await sender.arrived()));
      expect(arrived).toStrictEqual([first, second]);
    });
  });
}

function atLeast<T>(count: number, items: readonly T[]): readonly T[] | undefined {
  return items.length < count ? undefined : items;
}
