import type { WorkerRecord, WorkerRegistry } from '@afterimage/job-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { aWorkerRecord } from '../builders/worker-builders.ts';
import { anId, CREATED_AT } from '../builders/job-builders.ts';

/** Holds a {@link WorkerRegistry} to its port. */
export function describeWorkerRegistryContract(
  name: string,
  makeRegistry: () => WorkerRegistry | Promise<WorkerRegistry>,
): void {
  describe(`${name} as a worker registry`, () => {
    let registry: WorkerRegistry;
    const report = async (...records: readonly WorkerRecord[]) => {
      for (const record of records) await registry.report(record);
    };

    beforeAll(async () => {
      registry = await makeRegistry();
    });

    it('keeps what each worker told last, by pool and in their order', async () => {
      const pool = anId('evt');
      const busy = aWorkerRecord({ pool, workerId: 'b', jobs: [{ jobId: anId('job'), attempt: 2, leaseAgeMs: 500 }] });
      const idle = aWorkerRecord({ pool, workerId: 'a', state: 'draining', hasSpotNotice: true });
      await report(aWorkerRecord({ pool, workerId: 'b', model: null }), busy, busy, idle);
      await report(aWorkerRecord({ pool: anId('evt') }));

      expect(await registry.listByPool(pool, CREATED_AT)).toStrictEqual(
        [idle, busy].map((worker) => ({ ...worker, isDrainRequested: false })),
      );
    });

    it('tells the worker that it is to end, and not the next one of its name', async () => {
      const pool = anId('evt');
      const worker = aWorkerRecord({ pool });
      const next = { ...worker, startedAt: '2026-01-02T09:00:00.000Z' };
      expect(await registry.requestDrain(worker)).toBe(false);
      expect(await registry.report(worker)).toStrictEqual({ isDrainRequested: false });

      expect(await registry.requestDrain(worker)).toBe(true);
      expect(await registry.requestDrain(worker)).toBe(true);

      expect(await registry.report(worker)).toStrictEqual({ isDrainRequested: true });
      expect(await registry.listByPool(pool, CREATED_AT)).toStrictEqual([{ ...worker, isDrainRequested: true }]);
      expect(await registry.report(next)).toStrictEqual({ isDrainRequested: false });
      expect(await registry.requestDrain(worker)).toBe(false);
    });

    it('passes over workers that have not been seen for long', async () => {
      const pool = anId('evt');
      await report(aWorkerRecord({ pool }));

      expect(await registry.listByPool(pool, '2026-01-02T03:04:05.679Z')).toStrictEqual([]);
    });
  });
}
