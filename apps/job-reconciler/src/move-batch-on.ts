import type { BatchStore, Clock } from '@afterimage/job-core';
import type { BatchRecord } from '@afterimage/job-schemas';

export interface MoveBatchOnPorts {
  readonly batches: Pick<BatchStore, 'get'>;
  /** Makes the jobs that are not there yet. */
  readonly fillBatch: (batch: BatchRecord) => Promise<BatchRecord>;
  readonly cancelBatchJobs: (batch: BatchRecord) => Promise<void>;
  /** Looks at the jobs themselves, completes the batch when all have ended, and moves its `dueAt` on. */
  readonly countBatch: (batch: BatchRecord) => Promise<BatchRecord>;
  readonly announceBatch: (batch: BatchRecord) => Promise<void>;
  readonly now: Clock;
}

/** Brings an overdue batch on: its creation, its cancellation or its event was cut off, or the event of a job was lost. */
export function makeMoveBatchOn(ports: MoveBatchOnPorts) {
  const { batches, fillBatch, cancelBatchJobs, countBatch, announceBatch, now } = ports;

  return async function moveBatchOn(batchId: string): Promise<'announceBatch' | 'fillBatch' | 'countBatch' | 'none'> {
    const batch = await batches.get(batchId);
    if (batch === undefined || batch.dueAt === null || batch.dueAt > now().toISOString()) return 'none';
    if (batch.status === 'completed') {
      await announceBatch(batch);
      return 'announceBatch';
    }
    const filled = await fillBatch(batch);
    if (filled.status === 'canceling') await cancelBatchJobs(filled);
    await countBatch(filled);
    return batch.isFilled ? 'countBatch' : 'fillBatch';
  };
}
