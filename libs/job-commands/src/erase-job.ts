import { type Clock, erase, type FindJob, jobFields, type JobStore, ProblemError } from '@afterimage/job-core';
import { isTerminal, type JobRecord } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';

export interface EraseJobPorts {
  readonly jobs: Pick<JobStore, 'change'>;
  /** Finds tombstones too. */
  readonly findJob: FindJob;
  readonly announce: (job: JobRecord) => Promise<void>;
  /** Deletes the files of a tombstone and confirms it. */
  readonly eraseFiles: (job: JobRecord) => Promise<void>;
  readonly now: Clock;
  readonly log: Log;
}

/** Erases a job that has ended: first a tombstone in its place, then its files. A job that is erased already stays so. */
export function makeEraseJob({ jobs, findJob, announce, eraseFiles, now, log }: EraseJobPorts) {
  async function eraseFilesOrLeaveDue(job: JobRecord): Promise<void> {
    try {
      await eraseFiles(job);
    } catch (error) {
      log.warn('files not deleted, the job stays due', { ...jobFields(job), error });
    }
  }

  async function tombstoneOf(tenantId: string, jobId: string): Promise<JobRecord> {
    // The job can be announced between the read and the write, no more: it has ended.
    for (;;) {
      const job = await findJob(tenantId, jobId);
      if (job.erasedAt !== null) return job;
      if (!isTerminal(job.status)) {
        const detail = `the job ${jobId} is ${job.status}: cancel it first`;
        throw new ProblemError('job-not-terminal', { detail, jobId });
      }
      // The event shows the job, so it has to be out before there is nothing to show.
      if (!job.isAnnounced) await announce(job);
      const tombstone = await jobs.change(job.id, erase(job, now()));
      if (tombstone === undefined) continue;
      log.info('job erased', jobFields(job));
      return tombstone;
    }
  }

  return async function eraseJob(tenantId: string, jobId: string): Promise<void> {
    const tombstone = await tombstoneOf(tenantId, jobId);
    if (tombstone.dueAt !== null) await eraseFilesOrLeaveDue(tombstone);
  };
}
