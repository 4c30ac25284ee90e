import type { DeliveryStore, DeliveryUpdate } from '@afterimage/job-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../builders/job-builders.ts';
import { aDelivery } from '../builders/message-builders.ts';

const retry: DeliveryUpdate = {
  status: 'pending',
  attempt: 2,
  dueAt: '2026-01-02T03:10:00.000Z',
  lastStatusCode: 503,
  lastError: null,
  lastLatencyMs: 80,
};

const made: DeliveryUpdate = {
  status: 'delivered',
  attempt: 1,
  dueAt: null,
  lastStatusCode: 204,
  lastError: null,
  lastLatencyMs: 25,
};

/** Holds a {@link DeliveryStore} to its port. */
export function describeDeliveryStoreContract(
  name: string,
  makeStore: () => DeliveryStore | Promise<DeliveryStore>,
): void {
  describe(`${name} as a delivery store`, () => {
    let store: DeliveryStore;

    beforeAll(async () => {
      store = await makeStore();
    });

    it('keeps a delivery as it was given', async () => {
      const delivery = aDelivery({ traceparent: '00-a-b-01', body: '{"emoji":"🙂"}' });

      expect(await store.create(delivery)).toStrictEqual(delivery);
      expect(await store.get(delivery.id)).toStrictEqual(delivery);
    });

    it('yields undefined for an id that is not there', async () => {
      expect(await store.get(anId('whd'))).toBeUndefined();
    });

    it('yields the stored delivery when the id is taken', async () => {
      const first = aDelivery();
      await store.create(first);
      await store.update(first.id, 1, retry);

      const second = await store.create({ ...first, url: 'https://elsewhere.example.com' });

      expect(second).toStrictEqual({ ...first, ...retry });
      expect(await store.get(first.id)).toStrictEqual(second);
    });

    it.each([
      ['a retry', retry],
      ['the end', made],
    ])('writes %s once, however often it is told', async (_, update) => {
      const delivery = aDelivery();
      await store.create(delivery);

      expect(await store.update(delivery.id, 1, update)).toBe(true);
      expect(await store.update(delivery.id, 1, { ...update, lastLatencyMs: 999 })).toBe(false);

      expect(await store.get(delivery.id)).toStrictEqual({ ...delivery, ...update });
    });

    it('refuses a result of an attempt that is not due', async () => {
      const delivery = aDelivery({ attempt: 3 });
      await store.create(delivery);

      expect(await store.update(delivery.id, 2, made)).toBe(false);
      expect(await store.update(delivery.id, 4, made)).toBe(false);
      expect(await store.get(delivery.id)).toStrictEqual(delivery);
    });

    it.each(['delivered', 'failed'] as const)('refuses a result of a delivery that is %s', async (status) => {
      const delivery = aDelivery({ status, dueAt: null });
      await store.create(delivery);

      expect(await store.update(delivery.id, 1, retry)).toBe(false);
      expect(await store.get(delivery.id)).toStrictEqual(delivery);
    });

    it('refuses a result of a delivery that is not there, and creates nothing', async () => {
      const id = anId('whd');

      expect(await store.update(id, 1, made)).toBe(false);
      expect(await store.get(id)).toBeUndefined();
    });

    it('lets exactly one of many results of the same attempt win', async () => {
      const delivery = aDelivery();
      await store.create(delivery);
      const updates = Array.from({ length: 10 }, (_, index) => ({ ...retry, lastLatencyMs: index }));

      const results = await Promise.all(updates.map((update) => store.update(delivery.id, 1, update)));

      expect(results.filter(Boolean)).toHaveLength(1);
      expect((await store.get(delivery.id))?.lastLatencyMs).toBe(results.indexOf(true));
    });
  });
}
