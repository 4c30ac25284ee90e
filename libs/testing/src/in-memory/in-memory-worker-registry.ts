import type { ListedWorker, WorkerRecord, WorkerRegistry, WorkerWishes } from '@afterimage/job-core';

function nameOf({ pool, workerId }: Pick<WorkerRecord, 'pool' | 'workerId'>): string {
  return `${pool}#${workerId}`;
}

/** What workers told last, in a map. */
export class InMemoryWorkerRegistry implements WorkerRegistry {
  readonly #workers = new Map<string, WorkerRecord>();
  /** When the processes started that are to end, by worker. */
  readonly #drains = new Map<string, string>();
  /** Reports so far. */
  reports = 0;

  async report(record: WorkerRecord): Promise<WorkerWishes> {
    this.reports += 1;
    this.#workers.set(nameOf(record), structuredClone(record));
    return this.#wishesOf(record);
  }

  async listByPool(pool: string, seenSince: string): Promise<ListedWorker[]> {
    const workers = [...this.#workers.values()].filter((each) => each.pool === pool && each.seenAt >= seenSince);
    return workers
      .map((worker) => ({ ...structuredClone(worker), ...this.#wishesOf(worker) }))
      .sort((a, b) => (a.workerId < b.workerId ? -1 : 1));
  }

  async requestDrain(worker: Pick<WorkerRecord, 'pool' | 'workerId' | 'startedAt'>): Promise<boolean> {
    if (this.#workers.get(nameOf(worker))?.startedAt !== worker.startedAt) return false;
    this.#drains.set(nameOf(worker), worker.startedAt);
    return true;
  }

  #wishesOf(worker: WorkerRecord): WorkerWishes {
    return { isDrainRequested: this.#drains.get(nameOf(worker)) === worker.startedAt };
  }
}
