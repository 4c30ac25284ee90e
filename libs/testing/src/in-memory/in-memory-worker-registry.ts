import type { WorkerRecord, WorkerRegistry } from '@afterimage/job-core';

/** What workers told last, in a map. */
export class InMemoryWorkerRegistry implements WorkerRegistry {
  readonly #workers = new Map<string, WorkerRecord>();
  /** Reports so far. */
  reports = 0;

  async report(record: WorkerRecord): Promise<void> {
    this.reports += 1;
    this.#workers.set(`${record.pool}#${record.workerId}`, structuredClone(record));
  }

  async listByPool(pool: string, seenSince: string): Promise<WorkerRecord[]> {
    const workers = [...this.#workers.values()].filter((each) => each.pool === pool && each.seenAt >= seenSince);
    return structuredClone(workers.sort((a, b) => (a.workerId < b.workerId ? -1 : 1)));
  }
}
