import type { DueIndex, DueItem } from '@afterimage/job-core';
import type { InMemoryBatchStore } from './in-memory-batch-store.ts';
import type { InMemoryDeliveryStore } from './in-memory-delivery-store.ts';
import type { InMemoryJobStore } from './in-memory-job-store.ts';

interface Sources {
  readonly jobs?: InMemoryJobStore;
  readonly batches?: InMemoryBatchStore;
  readonly deliveries?: InMemoryDeliveryStore;
}

/** What is due in the in-memory stores: an index of one shard. */
export class InMemoryDueIndex implements DueIndex {
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  async listDue(now: string, limit: number): Promise<DueItem[]> {
    const { jobs, batches, deliveries } = this.#sources;
    return [
      ...(jobs?.all() ?? []).map(({ id, dueAt }) => ({ kind: 'job' as const, id, dueAt })),
      ...(batches?.all() ?? []).map(({ id, dueAt }) => ({ kind: 'batch' as const, id, dueAt })),
      ...(deliveries?.all() ?? []).map(({ id, dueAt }) => ({ kind: 'delivery' as const, id, dueAt })),
    ]
      .filter((item): item is DueItem => item.dueAt !== null && item.dueAt <= now)
      .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
      .slice(0, limit);
  }
}
