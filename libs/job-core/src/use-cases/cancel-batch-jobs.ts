import type { BatchRecord, JobRecord } from '@afterimage/job-schemas';
import { isTerminal } from '@afterimage/job-schemas';
import { openJobIds } from '../batch-lifecycle.ts';
import { cancel } from '../lifecycle.ts';
import type { Clock, JobStore } from '../ports.ts';
import { everyOne } from './every-one.ts';

export interface CancelPorts {
  readonly jobs: Pick<JobStore, 'get' | 'change'>;
  /** Publishes the event of a job that is canceled; when it fails, the job stays due. */
  readonly announce: (job: JobRecord) => Promise<void>;
  readonly now: Clock;
}

/** Cancels every job of a batch that can be: queued ones at once, of running ones the worker is asked to stop. */
export function makeCancelBatchJobs({ jobs, announce, now }: CancelPorts) {
  async function cancelOne(jobId: string): Promise<void> {
    // The job can move on between the read and the write, but only forward: the loop ends in a state without a way out.
    for (;;) {
      const job = await jobs.get(jobId);
      const change = job === undefined ? undefined : cancel(job, now());
      if (change === undefined) return;
      const changed = await jobs.change(jobId, change);
      if (changed === undefined) continue;
      if (isTerminal(changed.status)) await announce(changed);
      return;
    }
  }

  return async function cancelBatchJobs(batch: BatchRecord): Promise<void> {
    await everyOne(openJobIds(batch).map(cancelOne));
  };
}
