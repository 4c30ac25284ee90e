/**
 * The lifecycle of a batch. Its jobs live their own lives; the batch follows them:
 *
 *   (create) ─▶ processing ──(every accepted item's job has ended)──▶ completed, due ──(event published)──▶ completed
 *                   └─cancel─▶ canceling ──────────(the same)────────────┘
 *
 * Until it is completed a batch is due from time to time: to make jobs that its creation left out, to repeat a cancellation
 * that was cut off, and to count ends whose events were lost.
 */
import type { BatchRecord, BatchStatus, EndStatus } from '@afterimage/job-schemas';
import { batchJobId } from '@afterimage/job-schemas';
import { after, PUBLISH_GRACE_SECONDS } from './lifecycle.ts';

/** Seconds that whoever creates a batch, or cancels it, has to finish that. */
export const BATCH_GRACE_SECONDS = 60;
/** Seconds after which the jobs of a batch are looked at, in spite of their events. */
export const RECOUNT_SECONDS = 600;

/** A transition as data, as `JobChange` is one. */
export interface BatchChange {
  /** Holds when the stored batch has one of these. */
  readonly status: readonly BatchStatus[];
  readonly set: Partial<Pick<BatchRecord, 'status' | 'isFilled' | 'cancelRequestedAt' | 'finishedAt' | 'dueAt'>>;
  /** Jobs that have ended, by their ids; said again it changes nothing, as an end is final. */
  readonly ends?: Readonly<Record<string, EndStatus>>;
}

const OPEN = ['processing', 'canceling'] as const;

/** The batch after the change; undefined when the guard does not hold. The batch given is left as it is. */
export function applyBatchChange(batch: BatchRecord, change: BatchChange): BatchRecord | undefined {
  if (!change.status.includes(batch.status)) return undefined;
  return { ...batch, ...change.set, ends: { ...batch.ends, ...change.ends } };
}

/** What whoever creates a batch decides. */
export type NewBatch = Pick<
  BatchRecord,
  'id' | 'tenantId' | 'fingerprint' | 'requestId' | 'traceparent' | 'size' | 'rejections' | 'webhook' | 'metadata'
>;

/** A batch whose jobs are still to be made. */
export function newBatch(given: NewBatch, now: Date): BatchRecord {
  return {
    ...given,
    status: 'processing',
    isFilled: false,
    ends: {},
    createdAt: now.toISOString(),
    cancelRequestedAt: null,
    finishedAt: null,
    dueAt: after(now, BATCH_GRACE_SECONDS),
  };
}

/** The ids of the jobs of its accepted items, whether they are there yet or not, with the indexes of the items. */
export function batchJobs(batch: Pick<BatchRecord, 'id' | 'size' | 'rejections'>): { index: number; jobId: string }[] {
  const rejected = new Set(batch.rejections.map(({ index }) => index));
  return Array.from({ length: batch.size }, (_, index) => index)
    .filter((index) => !rejected.has(index))
    .map((index) => ({ index, jobId: batchJobId(batch.id, index) }));
}

/** The jobs that are not known to have ended. */
export function openJobIds(batch: BatchRecord): string[] {
  return batchJobs(batch)
    .map(({ jobId }) => jobId)
    .filter((jobId) => batch.ends[jobId] === undefined);
}

/** Every accepted item has its job. The batch stays due, so that its jobs are counted once in any case. */
export function confirmFilled(): BatchChange {
  return { status: OPEN, set: { isFilled: true } };
}

export function recordEnds(ends: Readonly<Record<string, EndStatus>>): BatchChange {
  return { status: OPEN, set: {}, ends };
}

/** The jobs were looked at, and these have ended; the next look is a while away. */
export function recordCount(ends: Readonly<Record<string, EndStatus>>, now: Date): BatchChange {
  return { status: OPEN, set: { dueAt: after(now, RECOUNT_SECONDS) }, ends };
}

/** Every job has ended, and nobody may make or cancel one any more. */
export function completeBatch(now: Date): BatchChange {
  return {
    status: OPEN,
    set: { status: 'completed', finishedAt: now.toISOString(), dueAt: after(now, PUBLISH_GRACE_SECONDS) },
  };
}

export function confirmBatchAnnounced(): BatchChange {
  return { status: ['completed'], set: { dueAt: null } };
}

/** The client's cancellation; the jobs are canceled one by one after it. */
export function cancelBatch(now: Date): BatchChange {
  return {
    status: ['processing'],
    set: { status: 'canceling', cancelRequestedAt: now.toISOString(), dueAt: after(now, BATCH_GRACE_SECONDS) },
  };
}
