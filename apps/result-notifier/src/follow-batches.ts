import { endOfStatus } from '@afterimage/job-core';
import type { EndStatus, Notification } from '@afterimage/job-schemas';

export interface FollowBatchesPorts {
  /** Counts the end of one job, and completes its batch with the last of them. */
  readonly countEnd: (batchId: string, jobId: string, end: EndStatus) => Promise<void>;
}

/** Tells batches of the ends of their jobs. The event itself has what it takes: the job may be erased by now. */
export function makeFollowBatches({ countEnd }: FollowBatchesPorts) {
  return async function followBatches(notification: Notification): Promise<void> {
    if (!('data' in notification) || notification.type === 'batch.completed') return;
    const { id, batchId, status } = notification.data.job;
    const end = endOfStatus(status);
    if (batchId !== null && end !== undefined) await countEnd(batchId, id, end);
  };
}
