import type { BatchRecord, BatchRequest, JobRecord } from '@afterimage/job-schemas';
import { batchJobId, fingerprint } from '@afterimage/job-schemas';
import { confirmFilled } from '../batch-lifecycle.ts';
import { newJob, seeded } from '../new-job.ts';
import type { BatchStore, Clock, JobStore } from '../ports.ts';
import { everyOne } from './every-one.ts';

export interface FillBatchPorts {
  readonly jobs: Pick<JobStore, 'create'>;
  readonly batches: Pick<BatchStore, 'change' | 'get' | 'requestsOf' | 'dropRequests'>;
  /** Publishes the claim check of a new job; when it fails, the job stays due and is none the worse for it. */
  readonly enqueue: (job: JobRecord) => Promise<void>;
  readonly now: Clock;
  /** A random integer from 0 to 2^32 - 1. */
  readonly newSeed: () => number;
}

/**
 * Makes the jobs of a batch that are not there yet. Their ids follow from the batch, so that doing it again, after a crash
 * or beside another, makes none twice. The batch as it is then.
 */
export function makeFillBatch({ jobs, batches, enqueue, now, newSeed }: FillBatchPorts) {
  async function makeJob(batch: BatchRecord, { index, pool, request }: BatchRequest): Promise<void> {
    const { input, ...rest } = request;
    const record = newJob(
      {
        ...rest,
        input: seeded(input, newSeed),
        id: batchJobId(batch.id, index),
        tenantId: batch.tenantId,
        pool,
        fingerprint: fingerprint(request),
        traceparent: batch.traceparent,
        retryOf: null,
        batchId: batch.id,
      },
      now(),
    );
    const { created, job } = await jobs.create(record);
    if (created) await enqueue(job);
  }

  return async function fillBatch(batch: BatchRecord, given?: readonly BatchRequest[]): Promise<BatchRecord> {
    if (batch.isFilled) return batch;
    const requests = given ?? (await batches.requestsOf(batch));
    await everyOne(requests.map((request) => makeJob(batch, request)));
    // Before the confirmation: a batch that is filled keeps no copy of what its jobs may have to forget.
    await batches.dropRequests(batch);
    const filled = await batches.change(batch.id, confirmFilled());
    return filled ?? (await batches.get(batch.id)) ?? batch;
  };
}
