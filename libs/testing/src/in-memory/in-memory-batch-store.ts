import type { BatchChange, BatchStore } from '@afterimage/job-core';
import { applyBatchChange } from '@afterimage/job-core';
import type { BatchRecord, BatchRequest } from '@afterimage/job-schemas';

/** Batches in a map. Changes are interpreted by the lifecycle's own `applyBatchChange`. */
export class InMemoryBatchStore implements BatchStore {
  readonly #batches = new Map<string, BatchRecord>();
  readonly #requests = new Map<string, readonly BatchRequest[]>();

  /** Every batch, in the order of creation. */
  all(): BatchRecord[] {
    return [...this.#batches.values()].map((batch) => structuredClone(batch));
  }

  async create(
    batch: BatchRecord,
    requests: readonly BatchRequest[],
  ): Promise<{ created: boolean; batch: BatchRecord }> {
    const stored = this.#batches.get(batch.id);
    if (stored !== undefined) return { created: false, batch: structuredClone(stored) };
    this.#batches.set(batch.id, structuredClone(batch));
    this.#requests.set(batch.id, structuredClone(requests));
    return { created: true, batch };
  }

  async get(batchId: string): Promise<BatchRecord | undefined> {
    return structuredClone(this.#batches.get(batchId));
  }

  async change(batchId: string, change: BatchChange): Promise<BatchRecord | undefined> {
    const batch = this.#batches.get(batchId);
    const changed = batch === undefined ? undefined : applyBatchChange(batch, structuredClone(change));
    if (changed !== undefined) this.#batches.set(batchId, changed);
    return structuredClone(changed);
  }

  async requestsOf(batch: BatchRecord): Promise<readonly BatchRequest[]> {
    return structuredClone(this.#requests.get(batch.id) ?? []);
  }

  async dropRequests(batch: BatchRecord): Promise<void> {
    this.#requests.delete(batch.id);
  }
}
