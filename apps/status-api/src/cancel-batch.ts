import { type BatchStore, cancelBatch as cancellation, type Clock } from '@afterimage/job-core';
import type { BatchRecord } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';

export interface CancelBatchPorts {
  readonly batches: Pick<BatchStore, 'change'>;
  readonly getBatch: (tenantId: string, batchId: string) => Promise<BatchRecord>;
  readonly cancelBatchJobs: (batch: BatchRecord) => Promise<void>;
  readonly now: Clock;
  readonly log: Log;
}

/** Cancels every job of a batch that can be. A batch that is completed stays as it is. */
export function makeCancelBatch({ batches, getBatch, cancelBatchJobs, now, log }: CancelBatchPorts) {
  return async function cancelBatch(tenantId: string, batchId: string): Promise<BatchRecord> {
    const found = await getBatch(tenantId, batchId);
    const batch = (await batches.change(batchId, cancellation(now()))) ?? found;
    if (batch.status === 'completed') return batch;
    log.info('batch canceled by the client', { batchId, status: found.status });
    try {
      await cancelBatchJobs(batch);
    } catch (error) {
      log.warn('cancellation is left to the reconciler', { batchId, error });
    }
    return getBatch(tenantId, batchId);
  };
}
