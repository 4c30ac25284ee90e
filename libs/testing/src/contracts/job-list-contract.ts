import type { JobQuery, JobStore, ListPosition } from '@afterimage/job-core';
import { after, applyChange, cancel, erase } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import { aJobRecord, anId, CREATED_AT } from '../builders/job-builders.ts';
import { aTenant } from '../builders/message-builders.ts';
import { waitFor } from '../wait-for.ts';

const created = new Date(CREATED_AT);
const ids = (jobs: readonly JobRecord[]) => jobs.map((job) => job.id);

/** Holds the lists of a {@link JobStore} to its port. */
export function describeJobListContract(name: string, makeStore: () => JobStore | Promise<JobStore>): void {
  describe(`${name} as a list of jobs`, () => {
    let store: JobStore;

    beforeAll(async () => {
      store = await makeStore();
    });

    async function everyPage(query: JobQuery, between: () => Promise<void> = async () => {}): Promise<JobRecord[][]> {
      const pages: JobRecord[][] = [];
      let after: ListPosition | null = null;
      do {
        const page = await store.list(after === null ? query : { ...query, after });
        pages.push([...page.jobs]);
        after = page.next;
        await between();
      } while (after !== null);
      return pages;
    }

    /** Creates jobs a second apart, yields them newest first, and waits until a list shows them. */
    async function createJobs(count: number, overrides: (index: number) => Partial<JobRecord> = () => ({})) {
      const { tenantId } = aTenant();
      const jobs = Array.from({ length: count }, (_, index) =>
        aJobRecord({ tenantId, createdAt: after(created, index), ...overrides(index) }),
      );
      for (const job of jobs) await store.create(job);
      await waitFor(async () => (await store.list({ tenantId, limit: count })).jobs.length === count);
      return { tenantId, jobs: jobs.toReversed() };
    }

    it('is empty, and at its end, for a tenant without jobs', async () => {
      expect(await store.list({ tenantId: aTenant().tenantId, limit: 5 })).toStrictEqual({ jobs: [], next: null });
    });

    it('shows whole jobs, the newest first, of one tenant alone', async () => {
      const { tenantId, jobs } = await createJobs(3);
      await createJobs(1);

      expect(await store.list({ tenantId, limit: 10 })).toStrictEqual({ jobs, next: null });
    });

    it('leaves out a job that was erased, whatever is asked for', async () => {
      const { tenantId, jobs } = await createJobs(2, () => ({ status: 'failed' }));
      const [newer, older] = jobs;
      if (newer === undefined || older === undefined) throw new Error('there are no jobs');

      await store.change(newer.id, erase(newer, created));

      await waitFor(async () => (await store.list({ tenantId, limit: 5 })).jobs.length === 1);
      expect((await store.list({ tenantId, limit: 5 })).jobs).toStrictEqual([older]);
      expect(ids((await store.list({ tenantId, status: 'failed', limit: 5 })).jobs)).toStrictEqual([older.id]);
      expect(await store.get(newer.id)).toMatchObject({ tenantId, createdAt: newer.createdAt });
    });

    it('orders jobs of the same millisecond by their ids, over pages too', async () => {
      const { tenantId, jobs } = await createJobs(5, () => ({ createdAt: CREATED_AT }));

      const pages = await everyPage({ tenantId, limit: 2 });

      expect(ids(pages.flat())).toStrictEqual(ids(jobs).toSorted().toReversed());
    });

    it.each([1, 2, 3, 5, 6, 7])('shows each of six jobs once in pages of %i', async (limit) => {
      const { tenantId, jobs } = await createJobs(6);

      const pages = await everyPage({ tenantId, limit });

      expect(ids(pages.flat())).toStrictEqual(ids(jobs));
      expect(pages).toHaveLength(Math.ceil(6 / limit));
    });

    it('is stable when jobs are created and changed between the pages', async () => {
      const { tenantId, jobs } = await createJobs(10);
      let created = 0;

      const pages = await everyPage({ tenantId, limit: 3 }, async () => {
        created += 1;
        await store.create(aJobRecord({ tenantId, createdAt: after(new Date(CREATED_AT), 1000 + created) }));
      });

      expect(created).toBe(4);
      expect(ids(pages.flat())).toStrictEqual(ids(jobs));
    });

    it('follows the status of a job', async () => {
      const { tenantId, jobs } = await createJobs(4);
      const [newest, ...others] = jobs;
      if (newest === undefined) throw new Error('no job was created');
      const change = cancel(newest, after2Seconds);
      if (change === undefined) throw new Error('a queued job can be canceled');

      await store.change(newest.id, change);

      const canceled = applyChange(newest, change);
      const list = (status: JobRecord['status']) => store.list({ tenantId, status, limit: 10 });
      await waitFor(async () => (await list('canceled')).jobs.length === 1);
      expect(await list('canceled')).toStrictEqual({ jobs: [canceled], next: null });
      expect(await list('queued')).toStrictEqual({ jobs: others, next: null });
      expect(await list('running')).toStrictEqual({ jobs: [], next: null });
    });

    it('filters by model, over as many pages as it takes', async () => {
      const { tenantId, jobs } = await createJobs(30, (index) => ({ model: index % 10 === 0 ? 'rare' : 'common' }));
      const rare = jobs.filter((job) => job.model === 'rare');

      const pages = await everyPage({ tenantId, model: 'rare', limit: 2 });

      expect(ids(pages.flat())).toStrictEqual(ids(rare));
      expect(await everyPage({ tenantId, model: 'rare', status: 'queued', limit: 2 })).toStrictEqual(pages);
      expect(ids((await everyPage({ tenantId, model: 'none', limit: 2 })).flat())).toStrictEqual([]);
    });

    it('shows the jobs of a batch to its tenant alone, over pages and with other filters', async () => {
      const batchId = anId('bat');
      const { tenantId, jobs } = await createJobs(6, (index) => (index % 2 === 0 ? { batchId } : {}));
      const others = await createJobs(1, () => ({ batchId }));
      const ofBatch = jobs.filter((job) => job.batchId === batchId);
      await waitFor(async () => (await store.list({ tenantId, batchId, limit: 10 })).jobs.length === 3);

      expect((await store.list({ tenantId, batchId, limit: 10 })).jobs).toStrictEqual(ofBatch);
      expect(ids((await everyPage({ tenantId, batchId, limit: 1 })).flat())).toStrictEqual(ids(ofBatch));
      expect(ids((await store.list({ tenantId, batchId, status: 'queued', limit: 10 })).jobs)).toHaveLength(3);
      expect((await store.list({ tenantId, batchId, status: 'running', limit: 10 })).jobs).toStrictEqual([]);
      expect((await store.list({ tenantId, batchId, model: 'none', limit: 10 })).jobs).toStrictEqual([]);
      expect(ids((await store.list({ tenantId: others.tenantId, batchId, limit: 10 })).jobs)).toStrictEqual(
        ids(others.jobs),
      );
    });

    it('leaves out the times that it is bounded by', async () => {
      const { tenantId, jobs } = await createJobs(5);
      const bounds = { createdAfter: after(created, 0), createdBefore: after(created, 4) };

      const page = await store.list({ tenantId, limit: 10, ...bounds });

      expect(ids(page.jobs)).toStrictEqual(ids(jobs.slice(1, 4)));
      expect(ids((await everyPage({ tenantId, limit: 1, ...bounds })).flat())).toStrictEqual(ids(page.jobs));
    });

    it('is empty when nothing can lie between the times', async () => {
      const { tenantId } = await createJobs(2);
      const query = { tenantId, limit: 10, createdAfter: after(created, 5), createdBefore: after(created, -5) };

      expect(await store.list(query)).toStrictEqual({ jobs: [], next: null });
    });
  });
}

const after2Seconds = new Date(after(created, 2));
