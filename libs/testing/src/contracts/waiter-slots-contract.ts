import type { WaiterSlot, WaiterSlots } from '@afterimage/job-core';
import { beforeAll, describe, expect, it } from 'vitest';

const START = Date.parse('2026-01-02T03:04:05.678Z');
const at = (seconds: number) => new Date(START + seconds * 1000);
const LEASE = { now: at(0), until: at(30) };

let tenants = 0;
const aTenant = () => `waiting-tenant-${(tenants += 1)}`;

/** Holds {@link WaiterSlots} to their port. @param makeSlots makes them with so many places a tenant */
export function describeWaiterSlotsContract(
  name: string,
  makeSlots: (limit: number) => WaiterSlots | Promise<WaiterSlots>,
): void {
  describe(`${name} as places to wait in`, () => {
    const LIMIT = 4;
    let slots: WaiterSlots;

    beforeAll(async () => {
      slots = await makeSlots(LIMIT);
    });

    const takeAll = (tenant: string, count: number, lease = LEASE) =>
      Promise.all(Array.from({ length: count }, () => slots.take(tenant, lease)));
    const taken = (results: readonly (WaiterSlot | undefined)[]) => results.filter((slot) => slot !== undefined);
    const fill = async (tenant: string) => {
      const held: WaiterSlot[] = [];
      for (let index = 0; index < LIMIT; index++) {
        const slot = await slots.take(tenant, LEASE);
        if (slot !== undefined) held.push(slot);
      }
      return held;
    };

    it('gives out as many as there are, and no more', async () => {
      const tenant = aTenant();

      expect(await fill(tenant)).toHaveLength(LIMIT);
      expect(await slots.take(tenant, LEASE)).toBeUndefined();
    });

    it('gives out exactly as many to those who come at once', async () => {
      expect(taken(await takeAll(aTenant(), 5 * LIMIT))).toHaveLength(LIMIT);
    });

    it('keeps the places of each tenant apart', async () => {
      await fill(aTenant());

      expect(await slots.take(aTenant(), LEASE)).toBeDefined();
    });

    it('takes a place back, once', async () => {
      const tenant = aTenant();
      const [slot] = await fill(tenant);

      await slot?.release();
      const next = await slots.take(tenant, LEASE);
      await slot?.release();

      expect(next).toBeDefined();
      expect(await slots.take(tenant, LEASE)).toBeUndefined();
    });

    it('gives the places of whoever crashed to others when their leases have run out', async () => {
      const tenant = aTenant();
      await fill(tenant);

      expect(await slots.take(tenant, { now: at(29), until: at(59) })).toBeUndefined();
      expect(taken(await takeAll(tenant, 1, { now: at(31), until: at(61) }))).toHaveLength(1);
    });

    it('leaves a place that is renewed to its holder', async () => {
      const tenant = aTenant();
      const held = await fill(tenant);

      expect(await Promise.all(held.map((slot) => slot.renew(at(60))))).toEqual(held.map(() => true));
      expect(await slots.take(tenant, { now: at(31), until: at(61) })).toBeUndefined();
    });

    it('refuses to renew a place that another one has by now, and keeps it from being released', async () => {
      const tenant = aTenant();
      const held = await fill(tenant);
      const later = { now: at(31), until: at(61) };
      for (let index = 0; index < LIMIT; index++) expect(await slots.take(tenant, later)).toBeDefined();

      for (const slot of held) {
        expect(await slot.renew(at(90))).toBe(false);
        await slot.release();
      }

      expect(await slots.take(tenant, later)).toBeUndefined();
    });
  });
}
