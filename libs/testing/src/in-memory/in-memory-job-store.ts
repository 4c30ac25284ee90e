import type { JobChange, JobQuery, JobStatusReader, JobStore, ListPosition } from '@afterimage/job-core';
import { applyChange } from '@afterimage/job-core';
import type { JobRecord, JobStatus } from '@afterimage/job-schemas';

const sortKey = ({ createdAt, id }: ListPosition) => `${createdAt}#${id}`;

function matches(job: JobRecord, query: JobQuery): boolean {
  const { tenantId, status, model, batchId, createdAfter, createdBefore, after } = query;
  return (
    job.tenantId === tenantId &&
    job.erasedAt === null &&
    (status === undefined || job.status === status) &&
    (model === undefined || job.model === model) &&
    (batchId === undefined || job.batchId === batchId) &&
    (createdAfter === undefined || job.createdAt > createdAfter) &&
    (createdBefore === undefined || job.createdAt < createdBefore) &&
    (after === undefined || sortKey(job) < sortKey(after))
  );
}

function newestFirst(a: JobRecord, b: JobRecord): number {
  return sortKey(a) < sortKey(b) ? 1 : -1;
}

/** Jobs in a map. Changes are interpreted by the lifecycle's own `applyChange`. */
export class InMemoryJobStore implements JobStore, JobStatusReader {
  readonly #jobs = new Map<string, JobRecord>();

  constructor(jobs: Iterable<JobRecord> = []) {
    for (const job of jobs) this.#jobs.set(job.id, structuredClone(job));
  }

  /** Every job, in the order of creation. */
  all(): JobRecord[] {
    return [...this.#jobs.values()].map((job) => structuredClone(job));
  }

  async create(job: JobRecord): Promise<{ created: boolean; job: JobRecord }> {
    const stored = this.#jobs.get(job.id);
    if (stored !== undefined) return { created: false, job: structuredClone(stored) };
    this.#jobs.set(job.id, structuredClone(job));
    return { created: true, job };
  }

  async get(jobId: string): Promise<JobRecord | undefined> {
    return structuredClone(this.#jobs.get(jobId));
  }

  async statusesOf(jobIds: readonly string[]): Promise<ReadonlyMap<string, JobStatus>> {
    const found = jobIds.flatMap((jobId) => this.#jobs.get(jobId) ?? []);
    return new Map(found.map(({ id, status }) => [id, status]));
  }

  async change(jobId: string, change: JobChange): Promise<JobRecord | undefined> {
    const job = this.#jobs.get(jobId);
    const changed = job === undefined ? undefined : applyChange(job, structuredClone(change));
    if (changed !== undefined) this.#jobs.set(jobId, changed);
    return structuredClone(changed);
  }

  async list(query: JobQuery): Promise<{ jobs: JobRecord[]; next: ListPosition | null }> {
    const found = this.all()
      .filter((job) => matches(job, query))
      .sort(newestFirst);
    const jobs = found.slice(0, query.limit);
    const last = jobs.at(-1);
    const isLastPage = last === undefined || found.length === jobs.length;
    return { jobs, next: isLastPage ? null : { createdAt: last.createdAt, id: last.id } };
  }
}
