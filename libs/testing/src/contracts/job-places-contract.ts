import type { JobPlaces, JobStore } from '@afterimage/job-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { aJobRecord, anId } from '../builders/job-builders.ts';

interface Adapters {
  readonly places: JobPlaces;
  readonly jobs: JobStore;
}

const NOW = new Date('2026-01-02T03:04:05.678Z');
const AT_ONCE = { everySeconds: 5, quietSeconds: 0 };
const LATER = new Date('2026-01-02T03:05:05.678Z');

/** Holds {@link JobPlaces} to their port. */
export function describeJobPlacesContract(name: string, makeAdapters: () => Adapters | Promise<Adapters>): void {
  describe(`${name} as places of jobs`, () => {
    let places: JobPlaces;
    let jobs: JobStore;

    beforeAll(async () => {
      ({ places, jobs } = await makeAdapters());
    });

    it('are taken up to the limit, and given back', async () => {
      const tenant = anId('evt');

      expect(await places.take(tenant, 'queued', { count: 1, limit: 4, now: NOW })).toBe(0.25);
      expect(await places.take(tenant, 'queued', { count: 3, limit: 4, now: NOW })).toBe(1);
      expect(await places.take(tenant, 'queued', { count: 1, limit: 4, now: NOW })).toBeUndefined();
      expect(await places.take(tenant, 'queued', { count: 5, limit: 4, now: NOW })).toBeUndefined();
      await places.giveBack(tenant, 'queued', { count: 1, limit: 4 });

      expect(await places.taken(tenant, 'queued', 4)).toBe(3);
      expect(await places.take(tenant, 'queued', { count: 1, limit: 4, now: NOW })).toBe(1);
    });

    it('are not given back twice', async () => {
      const tenant = anId('evt');
      await places.take(tenant, 'running', { count: 1, limit: 2, now: NOW });
      for (let i = 0; i < 2; i += 1) await places.giveBack(tenant, 'running', { count: 1, limit: 2 });

      expect(await places.taken(tenant, 'running', 2)).toBe(0);
      expect(await places.take(tenant, 'running', { count: 2, limit: 2, now: NOW })).toBe(1);
      expect(await places.take(tenant, 'running', { count: 1, limit: 2, now: NOW })).toBeUndefined();
    });

    it('are neither given back nor handed on when their jobs were not counted any more', async () => {
      const tenant = anId('evt');
      const free = { count: 1, limit: 3 };
      for (let i = 0; i < 3; i += 1) await places.take(tenant, 'running', { ...free, now: NOW });
      const before = { ...free, heldUntil: new Date(NOW.getTime() - 1) };
      expect(await places.handOn(tenant, 'running', { ...before, now: NOW })).toBe(true);
      await places.giveBack(tenant, 'running', before);
      expect(await places.taken(tenant, 'running', 3)).toBe(2);

      expect(await places.recount(tenant, 'running', { limit: 3, now: LATER, ...AT_ONCE })).toBe(true);
      await places.take(tenant, 'running', { ...free, now: LATER });

      expect(await places.handOn(tenant, 'running', { ...before, now: LATER })).toBe(false);
      await places.giveBack(tenant, 'running', before);
      expect(await places.taken(tenant, 'running', 3)).toBe(1);
      const after = { ...free, heldUntil: new Date(LATER.getTime() + 60_000) };
      expect(await places.handOn(tenant, 'running', { ...after, now: LATER })).toBe(true);
      await places.giveBack(tenant, 'running', after);
      expect(await places.taken(tenant, 'running', 3)).toBe(0);
    });

    it('keep those from being counted who take them on', async () => {
      const tenant = anId('evt');
      await places.take(tenant, 'running', { count: 1, limit: 3, now: NOW });
      await places.handOn(tenant, 'running', { count: 1, limit: 3, heldUntil: NOW, now: LATER });

      const quiet = { limit: 3, everySeconds: 1, quietSeconds: 1 };
      expect(await places.recount(tenant, 'running', { ...quiet, now: LATER })).toBe(false);
    });

    it('are given back to whichever counter of a large limit has them', async () => {
      const tenant = anId('evt');
      const limit = 12_001;
      for (let i = 0; i < 6; i += 1) await places.take(tenant, 'running', { count: 1, limit, now: NOW });
      for (let i = 0; i < 6; i += 1) await places.giveBack(tenant, 'running', { count: 1, limit });

      expect(await places.taken(tenant, 'running', limit)).toBe(0);
    });

    it('are counted apart for each kind and tenant', async () => {
      const [one, other] = [anId('evt'), anId('evt')];
      await places.take(one, 'queued', { count: 1, limit: 1, now: NOW });

      expect(await places.take(one, 'running', { count: 1, limit: 1, now: NOW })).toBe(1);
      expect(await places.take(other, 'queued', { count: 1, limit: 1, now: NOW })).toBe(1);
    });

    it('are never more than the limit for those who ask at the same time', async () => {
      const tenant = anId('evt');

      const answers = Array.from({ length: 30 }, () =>
        places.take(tenant, 'queued', { count: 1, limit: 10, now: NOW }),
      );

      expect((await Promise.all(answers)).filter((share) => share !== undefined)).toHaveLength(10);
    });

    it('are as many as a limit of many thousands says, whichever counter has them', async () => {
      const tenant = anId('evt');
      const limit = 12_001;
      for (let i = 0; i < 12; i += 1) await places.take(tenant, 'queued', { count: 1000, limit, now: NOW });

      expect(await places.taken(tenant, 'queued', limit)).toBeLessThanOrEqual(limit);
      expect(await places.take(tenant, 'queued', { count: limit, limit, now: NOW })).toBeUndefined();
    });

    it('are set to the jobs that there are, the tenant’s own of this status', async () => {
      const tenantId = anId('evt');
      await jobs.create(aJobRecord({ tenantId }));
      await jobs.create(aJobRecord({ tenantId }));
      await jobs.create(aJobRecord({ tenantId, status: 'succeeded' }));
      await jobs.create(aJobRecord({ tenantId: anId('evt') }));
      for (const kind of ['queued', 'running'] as const)
        await places.take(tenantId, kind, { count: 9, limit: 10, now: NOW });

      expect(await places.recount(tenantId, 'queued', { limit: 10, now: NOW, ...AT_ONCE })).toBe(true);
      expect(await places.recount(tenantId, 'running', { limit: 10, now: NOW, ...AT_ONCE })).toBe(true);

      expect(await places.taken(tenantId, 'queued', 10)).toBe(2);
      expect(await places.taken(tenantId, 'running', 10)).toBe(0);
    });

    it('are taken by jobs that are being canceled too', async () => {
      const tenantId = anId('evt');
      await jobs.create(aJobRecord({ tenantId, status: 'canceling' }));
      await jobs.create(aJobRecord({ tenantId, status: 'running' }));

      expect(await places.recount(tenantId, 'running', { limit: 10, now: NOW, ...AT_ONCE })).toBe(true);

      expect(await places.taken(tenantId, 'running', 10)).toBe(2);
    });

    it('are counted at most once in the time that is said', async () => {
      const tenant = anId('evt');
      const recount = (now: Date) =>
        places.recount(tenant, 'queued', { limit: 10, now, everySeconds: 60, quietSeconds: 0 });

      expect(await recount(NOW)).toBe(true);
      expect(await recount(new Date(LATER.getTime() - 1))).toBe(false);
      expect(await recount(LATER)).toBe(true);
    });

    it('are not counted while a job may be on its way to its place', async () => {
      const tenant = anId('evt');
      await places.take(tenant, 'running', { count: 1, limit: 10, now: NOW });
      const recount = (now: Date) =>
        places.recount(tenant, 'running', { limit: 10, now, everySeconds: 1, quietSeconds: 60 });

      expect(await recount(new Date(LATER.getTime() - 1))).toBe(false);
      expect(await places.taken(tenant, 'running', 10)).toBe(1);
      expect(await recount(LATER)).toBe(true);
      expect(await places.taken(tenant, 'running', 10)).toBe(0);
    });
  });
}
