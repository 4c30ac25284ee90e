import type { BatchRecord } from '@afterimage/job-schemas';
import { completeBatch, confirmBatchAnnounced, openJobIds } from '../batch-lifecycle.ts';
import type { BatchEventPublisher, BatchStore, Clock } from '../ports.ts';
import { batchEvent } from './present-batch.ts';

export interface AnnounceBatchPorts {
  readonly batches: Pick<BatchStore, 'change'>;
  readonly events: BatchEventPublisher;
  readonly apiUrl: string;
  readonly now: Clock;
}

/**
 * Publishes the event of a completed batch, then notes on it that this is done. When it fails between the two, the batch
 * stays due and the event is published again under the same id.
 */
export function makeAnnounceBatch({ batches, events, apiUrl, now }: AnnounceBatchPorts) {
  return async function announceBatch(batch: BatchRecord): Promise<void> {
    await events.publishBatchEvent(batchEvent(batch, { apiUrl, now: now() }));
    await batches.change(batch.id, confirmBatchAnnounced());
  };
}

export interface SettleBatchPorts {
  readonly batches: Pick<BatchStore, 'change'>;
  readonly announceBatch: (batch: BatchRecord) => Promise<void>;
  readonly now: Clock;
}

/** Completes a batch whose jobs have all ended, and announces it: of all who find it so, one alone. The batch after it. */
export function makeSettleBatch({ batches, announceBatch, now }: SettleBatchPorts) {
  return async function settleBatch(batch: BatchRecord): Promise<BatchRecord> {
    if (batch.status === 'completed' || openJobIds(batch).length > 0) return batch;
    const completed = await batches.change(batch.id, completeBatch(now()));
    if (completed === undefined) return batch;
    await announceBatch(completed);
    return completed;
  };
}
