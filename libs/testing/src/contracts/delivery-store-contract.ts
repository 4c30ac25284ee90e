import type { DeliveryStore, DeliveryUpdate } from '@afterimage/job-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { anId, CREATED_AT } from '../builders/job-builders.ts';
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

    it('keeps what was sent and answered', async () => {
      const delivery = aDelivery();
      await store.create(delivery);
      const attempts = [
        { number: 1, sentAt: CREATED_AT, statusCode: 204, error: null, latencyMs: 25, traceparent: null },
      ];

      await store.update(delivery.id, 1, { ...made, attempts });

      expect((await store.get(delivery.id))?.attempts).toStrictEqual(attempts);
    });

    it.each(['delivered', 'failed'] as const)('reopens a delivery that is %s once', async (status) => {
      const delivery = aDelivery({ status, attempt: 3, dueAt: null });
      await store.create(delivery);

      expect(await store.reopen(delivery.id, 2, CREATED_AT)).toBe(false);
      expect(await store.reopen(delivery.id, 3, CREATED_AT)).toBe(true);
      expect(await store.reopen(delivery.id, 3, CREATED_AT)).toBe(false);

      const reopened = { status: 'pending', attempt: 4, firstAttempt: 4, dueAt: CREATED_AT };
      expect(await store.get(delivery.id)).toStrictEqual({ ...delivery, ...reopened });
    });

    it('reopens no delivery that is pending or is not there', async () => {
      const delivery = aDelivery();
      await store.create(delivery);

      expect(await store.reopen(delivery.id, 1, CREATED_AT)).toBe(false);
      expect(await store.reopen(anId('whd'), 1, CREATED_AT)).toBe(false);
    });

    it('lists those of an endpoint, the newest first, page after page', async () => {
      const endpointId = anId('whe');
      const times = ['2026-01-02T00:00:01.000Z', '2026-01-02T00:00:02.000Z', '2026-01-02T00:00:03.000Z'];
      for (const createdAt of times) await store.create(aDelivery({ endpointId, createdAt }));
      await store.create(aDelivery({ endpointId: anId('whe') }));
      await store.create(aDelivery());

      const first = await store.list({ endpointId, limit: 2 });
      const second = await store.list({ endpointId, limit: 2, ...(first.next && { after: first.next }) });

      const found = [first, second].map((page) => page.deliveries.map(({ createdAt }) => createdAt));
      expect(found).toStrictEqual([[times[2], times[1]], [times[0]]]);
      expect(second.next).toBeNull();
    });

    it('lists those of a status since a time', async () => {
      const endpointId = anId('whe');
      const create = (createdAt: string, status: 'failed' | 'delivered') =>
        store.create(aDelivery({ endpointId, createdAt, status, dueAt: null }));
      await create('2026-01-02T00:00:00.000Z', 'failed');
      const wanted = await create('2026-01-03T00:00:00.000Z', 'failed');
      await create('2026-01-04T00:00:00.000Z', 'delivered');

      const query = { endpointId, status: 'failed', createdSince: '2026-01-03T00:00:00.000Z', limit: 10 } as const;

      expect(await store.list(query)).toStrictEqual({ deliveries: [wanted], next: null });
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
