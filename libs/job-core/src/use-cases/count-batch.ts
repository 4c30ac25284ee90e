import type { BatchRecord, EndStatus, JobStatus } from '@afterimage/job-schemas';
import { openJobIds, recordCount, recordEnds } from '../batch-lifecycle.ts';
import type { BatchStore, Clock, JobStatusReader } from '../ports.ts';

export interface CountBatchPorts {
  readonly batches: Pick<BatchStore, 'change'>;
  readonly jobs: JobStatusReader;
  /** Completes the batch when there is nothing left to wait for. */
  readonly settleBatch: (batch: BatchRecord) => Promise<BatchRecord>;
  readonly now: Clock;
}

/** The state as an end; undefined when it is none. */
export function endOfStatus(status: JobStatus): EndStatus | undefined {
  switch (status) {
    case 'succeeded':
    case 'failed':
    case 'canceled':
    case 'expired':
      return status;
    case 'queued':
    case 'running':
    case 'canceling':
      return undefined;
  }
}

/** Looks at the jobs of a batch themselves, so that it completes whatever became of their events. */
export function makeCountBatch({ batches, jobs, settleBatch, now }: CountBatchPorts) {
  return async function countBatch(batch: BatchRecord): Promise<BatchRecord> {
    const statuses = await jobs.statusesOf(openJobIds(batch));
    const ends: Record<string, EndStatus> = {};
    for (const [jobId, status] of statuses) {
      const end = endOfStatus(status);
      if (end !== undefined) ends[jobId] = end;
    }
    const counted = await batches.change(batch.id, recordCount(ends, now()));
    return counted === undefined ? batch : settleBatch(counted);
  };
}

/** One job has ended, as its event tells: counted once, however often and in whatever order the events come. */
export function makeCountEnd({ batches, settleBatch }: Pick<CountBatchPorts, 'batches' | 'settleBatch'>) {
  return async function countEnd(batchId: string, jobId: string, end: EndStatus): Promise<void> {
    const counted = await batches.change(batchId, recordEnds({ [jobId]: end }));
    if (counted !== undefined) await settleBatch(counted);
  };
}
