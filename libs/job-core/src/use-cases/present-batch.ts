import {
  type Batch,
  type BatchCounts,
  type BatchEvent,
  batchEventId,
  type BatchItem,
  type BatchRecord,
  type JobStatus,
  PROBLEMS,
  toProblem,
} from '@afterimage/job-schemas';
import { batchJobs } from '../batch-lifecycle.ts';
import { traceIdOf } from './present-job.ts';

const NONE: ReadonlyMap<string, JobStatus> = new Map();

function countsOf(items: readonly BatchItem[]): BatchCounts {
  const having = (status: JobStatus) => items.filter(({ jobStatus }) => jobStatus === status).length;
  return {
    total: items.length,
    rejected: items.filter(({ jobId }) => jobId === null).length,
    queued: having('queued'),
    running: having('running'),
    canceling: having('canceling'),
    succeeded: having('succeeded'),
    failed: having('failed'),
    canceled: having('canceled'),
    expired: having('expired'),
  };
}

/**
 * The batch as clients see it.
 * @param statuses of its jobs that are not known to have ended; one that is not there yet counts as queued
 */
export function presentBatch(
  batch: BatchRecord,
  options: { readonly apiUrl: string; readonly statuses?: ReadonlyMap<string, JobStatus> },
): Batch {
  const { apiUrl, statuses = NONE } = options;
  const self = `${apiUrl}/v1/batches/${batch.id}`;
  const accepted = batchJobs(batch).map(({ index, jobId }): BatchItem => ({
    index,
    status: 202,
    jobId,
    jobStatus: batch.ends[jobId] ?? statuses.get(jobId) ?? 'queued',
    problem: null,
  }));
  const rejected = batch.rejections.map(({ index, code, detail, errors }): BatchItem => {
    const where = { instance: '/v1/batches', requestId: batch.requestId };
    const problem = toProblem(code, { detail, ...(errors === undefined ? {} : { errors }) }, where);
    return { index, status: PROBLEMS[code].status, jobId: null, jobStatus: null, problem };
  });
  const items = [...accepted, ...rejected].toSorted((a, b) => a.index - b.index);
  return {
    id: batch.id,
    object: 'batch',
    status: batch.status,
    counts: countsOf(items),
    items,
    webhook: batch.webhook,
    metadata: batch.metadata,
    createdAt: batch.createdAt,
    cancelRequestedAt: batch.cancelRequestedAt,
    finishedAt: batch.finishedAt,
    traceId: traceIdOf(batch.traceparent),
    links: {
      self,
      cancel: batch.status === 'completed' ? null : `${self}/cancel`,
      jobs: `${apiUrl}/v1/jobs?batchId=${batch.id}`,
    },
  };
}

/** The event of a batch that is completed. The same batch gives the same event, but for its time. */
export function batchEvent(batch: BatchRecord, options: { readonly apiUrl: string; readonly now: Date }): BatchEvent {
  const { items: _items, ...data } = presentBatch(batch, options);
  return {
    specversion: '1.0',
    id: batchEventId(batch.id),
    source: `${options.apiUrl}/v1/batches`,
    type: 'batch.completed',
    subject: batch.id,
    time: options.now.toISOString(),
    datacontenttype: 'application/json',
    tenantid: batch.tenantId,
    ...(batch.traceparent === null ? {} : { traceparent: batch.traceparent }),
    data: { batch: data },
  };
}

const RETRY_SECONDS = 5;

/** The `Retry-After` header of an answer with the batch; none when it is completed. */
export function batchRetryAfter(batch: Pick<BatchRecord, 'status'>): Record<string, string> {
  return batch.status === 'completed' ? {} : { 'retry-after': String(RETRY_SECONDS) };
}
