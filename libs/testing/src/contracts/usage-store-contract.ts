import type { JobUsage, UsageStore } from '@afterimage/job-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../builders/job-builders.ts';

const DAY = '2026-01-02';

function aUsage(overrides: Partial<JobUsage> = {}): JobUsage {
  return {
    tenantId: 'tenant-1',
    jobId: anId('job'),
    day: DAY,
    model: 'sketch-1',
    images: 2,
    engineMs: 1500,
    ...overrides,
  };
}

/** Holds a {@link UsageStore} to its port. */
export function describeUsageStoreContract(name: string, makeStore: () => UsageStore | Promise<UsageStore>): void {
  describe(`${name} as a usage store`, () => {
    let store: UsageStore;

    beforeAll(async () => {
      store = await makeStore();
    });

    it('sums up the jobs of a day by model, each once however often it is recorded', async () => {
      const tenantId = anId('evt');
      const twice = aUsage({ tenantId });
      const records = [twice, twice, aUsage({ tenantId, images: 1 }), aUsage({ tenantId, model: 'a', engineMs: 10 })];
      await Promise.all(records.map((usage) => store.record(usage)));

      expect(await store.ofDay(tenantId, DAY)).toStrictEqual([
        { model: 'a', jobs: 1, images: 2, engineMs: 10 },
        { model: 'sketch-1', jobs: 2, images: 3, engineMs: 3000 },
      ]);
    });

    it('keeps days and tenants apart', async () => {
      const tenantId = anId('evt');
      await store.record(aUsage({ tenantId }));

      expect(await store.ofDay(tenantId, '2026-01-03')).toStrictEqual([]);
      expect(await store.ofDay(anId('evt'), DAY)).toStrictEqual([]);
    });
  });
}
