import type { JobQuery, JobStore, ListPosition, TenantStore } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';

export interface BrowseJobsPorts {
  readonly jobs: Pick<JobStore, 'list'>;
  readonly tenants: Pick<TenantStore, 'list'>;
}

/** As the query of one tenant's list, but of every tenant where none is named. */
export interface BrowseQuery extends Omit<JobQuery, 'tenantId'> {
  readonly tenantId?: string;
  readonly pool?: string;
}

export interface JobsPage {
  readonly jobs: readonly JobRecord[];
  readonly next: ListPosition | null;
}

const TENANTS_PER_READ = 100;
/** Jobs read of each of many tenants at a time: most of them have none on the page. */
const LEAST_PER_READ = 10;
/** With a filter by pool, jobs looked at for each one on a page. */
const LOOKED_AT_PER_JOB = 10;

/** The newest jobs of one tenant that are not taken yet. */
interface Stream {
  readonly tenantId: string;
  readonly perRead: number;
  jobs: readonly JobRecord[];
  next: ListPosition | null;
}

function isNewer(a: JobRecord, b: JobRecord): boolean {
  return a.createdAt === b.createdAt ? a.id > b.id : a.createdAt > b.createdAt;
}

function positionOf({ createdAt, id }: JobRecord): ListPosition {
  return { createdAt, id };
}

/**
 * Jobs of every tenant, the newest first: the tenants' own lists, merged. A page costs one small read for each tenant and
 * one more for every ten jobs of it on the page, however many jobs there are. The page of a single tenant is one read.
 */
export function makeBrowseJobs({ jobs, tenants }: BrowseJobsPorts) {
  async function everyTenant(): Promise<string[]> {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await tenants.list({ limit: TENANTS_PER_READ, ...(after === undefined ? {} : { after }) });
      ids.push(...page.tenants.map(({ tenantId }) => tenantId));
      after = page.next ?? undefined;
    } while (after !== undefined);
    return ids;
  }

  async function readOn(
    query: BrowseQuery,
    { tenantId, perRead }: Pick<Stream, 'tenantId' | 'perRead'>,
    after: ListPosition | undefined,
  ): Promise<Stream> {
    const { pool: _pool, ...filter } = query;
    const page = await jobs.list({
      ...filter,
      tenantId,
      limit: perRead,
      ...(after === undefined ? {} : { after }),
    });
    return { tenantId, perRead, jobs: page.jobs, next: page.next };
  }

  /** The stream with the newest job; streams that ran dry but are not at their end are read on first. */
  async function newestOf(query: BrowseQuery, streams: Stream[]): Promise<Stream | undefined> {
    for (const stream of streams) {
      while (stream.jobs.length === 0 && stream.next !== null) {
        Object.assign(stream, await readOn(query, stream, stream.next));
      }
    }
    return streams
      .filter(({ jobs: left }) => left.length > 0)
      .reduce<Stream | undefined>((newest, stream) => {
        const [head, best] = [stream.jobs[0], newest?.jobs[0]];
        return head !== undefined && (best === undefined || isNewer(head, best)) ? stream : newest;
      }, undefined);
  }

  return async function browseJobs(query: BrowseQuery): Promise<JobsPage> {
    const ids = query.tenantId === undefined ? await everyTenant() : [query.tenantId];
    const perRead = Math.min(query.limit, Math.max(LEAST_PER_READ, Math.ceil(query.limit / ids.length)));
    const streams = await Promise.all(ids.map((tenantId) => readOn(query, { tenantId, perRead }, query.after)));
    const page: JobRecord[] = [];
    let read = 0;
    for (;;) {
      const stream = await newestOf(query, streams);
      const job = stream?.jobs[0];
      if (stream === undefined || job === undefined) return { jobs: page, next: null };
      stream.jobs = stream.jobs.slice(1);
      read += 1;
      if (query.pool === undefined || job.pool === query.pool) page.push(job);
      // A pool that few jobs are of ends the page early, short of entries.
      if (page.length === query.limit || read === query.limit * LOOKED_AT_PER_JOB) {
        return { jobs: page, next: positionOf(job) };
      }
    }
  };
}
