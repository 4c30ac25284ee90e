import type { TargetStore, WebhookEndpointStore } from '@afterimage/job-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../builders/job-builders.ts';
import { aWebhookEndpoint } from '../builders/webhook-builders.ts';

/** Holds a {@link WebhookEndpointStore} to its port. */
export function describeWebhookEndpointStoreContract(
  name: string,
  makeStore: () => WebhookEndpointStore | Promise<WebhookEndpointStore>,
): void {
  describe(`${name} as a webhook endpoint store`, () => {
    let store: WebhookEndpointStore;

    beforeAll(async () => {
      store = await makeStore();
    });

    it('keeps an endpoint as it was given, and creates it once', async () => {
      const endpoint = aWebhookEndpoint();

      expect(await store.create(endpoint)).toBe(true);
      expect(await store.create({ ...endpoint, url: 'https://other.example.com' })).toBe(false);
      expect(await store.get(endpoint.tenantId, endpoint.id)).toStrictEqual(endpoint);
    });

    it('lists those of the tenant alone, in the order of their ids', async () => {
      const tenantId = anId('evt');
      const endpoints = Array.from({ length: 3 }, () => aWebhookEndpoint({ tenantId }));
      for (const endpoint of [...endpoints, aWebhookEndpoint()]) await store.create(endpoint);

      expect((await store.list(tenantId)).map(({ id }) => id)).toStrictEqual(endpoints.map(({ id }) => id).sort());
      expect(await store.list(anId('evt'))).toStrictEqual([]);
    });

    it('keeps tenants apart', async () => {
      const endpoint = aWebhookEndpoint();
      await store.create(endpoint);

      expect(await store.get('somebody-else', endpoint.id)).toBeUndefined();
      expect(await store.delete('somebody-else', endpoint.id)).toBe(false);
      expect(await store.get(endpoint.tenantId, endpoint.id)).toStrictEqual(endpoint);
    });

    it('lets exactly one of many changes of a version win', async () => {
      const endpoint = aWebhookEndpoint();
      await store.create(endpoint);
      const changes = Array.from({ length: 5 }, (_, index) => ({
        ...endpoint,
        version: endpoint.version + 1,
        description: String(index),
      }));

      const results = await Promise.all(changes.map((change) => store.replace(change)));

      expect(results.filter(Boolean)).toHaveLength(1);
      expect((await store.get(endpoint.tenantId, endpoint.id))?.description).toBe(String(results.indexOf(true)));
    });

    it('deletes once, and replaces nothing that is gone', async () => {
      const endpoint = aWebhookEndpoint();
      await store.create(endpoint);

      expect(await store.delete(endpoint.tenantId, endpoint.id)).toBe(true);
      expect(await store.delete(endpoint.tenantId, endpoint.id)).toBe(false);
      expect(await store.replace({ ...endpoint, version: endpoint.version + 1 })).toBe(false);
      expect(await store.get(endpoint.tenantId, endpoint.id)).toBeUndefined();
    });
  });
}

const NOW = new Date('2026-01-02T03:04:05.678Z');
const LATER = new Date(NOW.getTime() + 60_000);

/** Holds a {@link TargetStore} to its port. */
export function describeTargetStoreContract(name: string, makeStore: () => TargetStore | Promise<TargetStore>): void {
  describe(`${name} as a target store`, () => {
    let store: TargetStore;
    const healthy = { failures: 0, failingSince: null, openUntil: null };

    beforeAll(async () => {
      store = await makeStore();
    });

    it('knows nothing bad of a receiver that was never called', async () => {
      expect(await store.health(anId('whe'))).toStrictEqual(healthy);
    });

    it('counts failures from the first one on, until a success', async () => {
      const key = anId('whe');
      await store.countFailure(key, NOW);

      const second = await store.countFailure(key, LATER);

      expect(second).toStrictEqual({ failures: 2, failingSince: NOW.toISOString(), openUntil: null });
      expect(await store.health(key)).toStrictEqual(second);
      await store.clear(key);
      await store.clear(key);
      expect(await store.health(key)).toStrictEqual(healthy);
    });

    it('counts every one of many failures at a time', async () => {
      const key = anId('whe');

      await Promise.all(Array.from({ length: 8 }, () => store.countFailure(key, NOW)));

      expect((await store.health(key)).failures).toBe(8);
    });

    it('lets one of many take the probe', async () => {
      const key = anId('whe');
      await store.countFailure(key, NOW);
      await store.open(key, NOW.toISOString());
      const claim = () => store.claimProbe(key, NOW.toISOString(), LATER.toISOString());

      const claims = await Promise.all(Array.from({ length: 5 }, claim));

      expect(claims.filter(Boolean)).toHaveLength(1);
      expect((await store.health(key)).openUntil).toBe(LATER.toISOString());
      expect(await store.claimProbe(anId('whe'), NOW.toISOString(), LATER.toISOString())).toBe(false);
    });

    it('gives out as many slots as there are, and each again when it is free', async () => {
      const key = anId('whe');
      const request = { now: NOW, slots: 2, leaseMs: 1000, random: 0 };
      const [first, second] = [await store.takeSlot(key, request), await store.takeSlot(key, request)];
      expect([first.kind, second.kind]).toStrictEqual(['taken', 'taken']);
      expect(await store.takeSlot(key, request)).toStrictEqual({ kind: 'busy', takenMsAgo: 0 });

      if (first.kind === 'taken') await store.freeSlot(key, first.slot);

      expect(await store.takeSlot(key, request)).toStrictEqual(first);
    });

    it('takes a slot back whose time is over, and not from its next owner', async () => {
      const key = anId('whe');
      const request = { now: NOW, slots: 1, leaseMs: 20_000, random: 0 };
      const lost = await store.takeSlot(key, request);
      const inTime = new Date(NOW.getTime() + 5000);
      expect(await store.takeSlot(key, { ...request, now: inTime })).toStrictEqual({ kind: 'busy', takenMsAgo: 5000 });

      const next = await store.takeSlot(key, { ...request, now: LATER });
      if (lost.kind === 'taken') await store.freeSlot(key, lost.slot);

      expect(next.kind).toBe('taken');
      expect((await store.takeSlot(key, { ...request, now: LATER })).kind).toBe('busy');
    });

    it('never gives one slot to two', async () => {
      const key = anId('whe');
      const take = () => store.takeSlot(key, { now: NOW, slots: 3, leaseMs: 1000, random: 0 });

      const answers = await Promise.all(Array.from({ length: 8 }, take));

      const numbers = answers.flatMap((answer) => (answer.kind === 'taken' ? [answer.slot.number] : []));
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(numbers.length).toBeGreaterThan(0);
    });
  });
}
