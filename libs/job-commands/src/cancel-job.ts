import { type Clock, type JobStore, cancel, jobFields } from '@afterimage/job-core';
import { type JobRecord, isTerminal } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';

export interface CancelJobPorts {
  readonly jobs: Pick<JobStore, 'change'>;
  readonly getJob: (tenantId: string, jobId: string) => Promise<JobRecord>;
  readonly announce: (job: JobRecord) => Promise<void>;
  readonly now: Clock;
  readonly log: Log;
}

/** Cancels a queued job at once and asks the worker of a running one to stop. A job that is on its way out stays as it is. */
export function makeCancelJob({ jobs, getJob, announce, now, log }: CancelJobPorts) {
  async function announceOrLeaveDue(job: JobRecord): Promise<void> {
    try {
      await announce(job);
    } catch (error) {
      log.warn('event not published, the job stays due', { ...jobFields(job), error });
    }
  }

  return async function cancelJob(tenantId: string, jobId: string): Promise<JobRecord> {
    // The job can move on between the read and the write, but only forward: the loop ends in a state without a way out.
    for (;;) {
      const job = await getJob(tenantId, jobId);
      const change = cancel(job, now());
      if (change === undefined) return job;
      const changed = await jobs.change(job.id, change);
      if (changed === undefined) continue;
      log.info('job canceled', { ...jobFields(changed), status: changed.status });
      if (isTerminal(changed.status)) await announceOrLeaveDue(changed);
      return changed;
    }
  };
}
