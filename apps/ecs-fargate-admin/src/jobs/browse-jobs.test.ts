import { aJobRecord, aTenant, InMemoryJobStore, InMemoryTenantStore } from '@afterimage/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type BrowseQuery, makeBrowseJobs } from './browse-jobs.ts';

const TENANTS = ['acme', 'globex', 'initech'];
let jobs: InMemoryJobStore;
let tenants: InMemoryTenantStore;

beforeEach(async () => {
  jobs = new InMemoryJobStore();
  tenants = new InMemoryTenantStore();
  for (const tenantId of TENANTS) await tenants.put(aTenant({ tenantId }));
});

/** Ids in the order of their creation, tenants in turn but the last, which has none. */
async function createJobs(count: number, pool = (_index: number) => 'local'): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = `job_${String(index).padStart(26, '0')}`;
    const createdAt = new Date(Date.UTC(2026, 10, 22, 0, 0, Math.floor(index / 2))).toISOString();
    await jobs.create(aJobRecord({ id, tenantId: TENANTS[index % 2] ?? '', createdAt, pool: pool(index) }));
    ids.push(id);
  }
  return ids;
}

async function everyPage(query: BrowseQuery): Promise<string[]> {
  const browseJobs = makeBrowseJobs({ jobs, tenants });
  const ids: string[] = [];
  for (let after: BrowseQuery['after'] | null; after !== null;) {
    const page = await browseJobs({ ...query, ...(after === undefined ? {} : { after }) });
    expect(page.jobs.length).toBeLessThanOrEqual(query.limit);
    ids.push(...page.jobs.map(({ id }) => id));
    after = page.next;
  }
  return ids;
}

describe('browseJobs', () => {
  it.each([1, 7, 25, 100])('merges the lists of every tenant, %i a page', async (limit) => {
    const ids = await createJobs(60);

    expect(await everyPage({ limit })).toEqual(ids.toReversed());
  });

  it('shows those of one tenant', async () => {
    const ids = await createJobs(10);

    expect(await everyPage({ limit: 3, tenantId: 'globex' })).toEqual(ids.filter((_, at) => at % 2 === 1).toReversed());
    expect(await everyPage({ limit: 3, tenantId: 'initech' })).toEqual([]);
  });

  it('finds those of a rare pool, though pages are short', async () => {
    const ids = await createJobs(60, (index) => (index % 29 === 0 ? 'rare' : 'local'));

    expect(await everyPage({ limit: 2, pool: 'rare' })).toEqual([ids[58], ids[29], ids[0]]);
  });
});
