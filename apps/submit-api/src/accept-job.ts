import { type JobStore, ProblemError } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';

export interface AcceptJobPorts {
  readonly jobs: Pick<JobStore, 'create'>;
  /** Publishes the claim check and confirms it on the job. */
  readonly enqueue: (job: JobRecord) => Promise<void>;
  /** Publishes the event of the job's state. */
  readonly announce: (job: JobRecord) => Promise<void>;
  readonly log: Log;
}

export interface Submitted {
  readonly job: JobRecord;
  /** The idempotency key had already been used for the same request. */
  readonly isReplay: boolean;
}

/** The job that the key of a request stands for. @throws ProblemError when it was another request, or the job is erased */
export function replayOf(job: JobRecord, fingerprint: string): Submitted {
  if (job.fingerprint !== fingerprint) {
    const detail = 'the idempotency key was used before, with another body';
    throw new ProblemError('idempotency-key-reused', { detail, jobId: job.id });
  }
  if (job.erasedAt === null) return { job, isReplay: true };
  const detail = `the idempotency key stands for a job that was erased at ${job.erasedAt}`;
  throw new ProblemError('output-expired', { detail, jobId: job.id });
}

/** Accepts a job: put, publish, confirm. Once it is put it is never lost, so a failure after that is not the client's. */
export function makeAcceptJob({ jobs, enqueue, announce, log }: AcceptJobPorts) {
  /** The reconciler does the step again when it fails here. */
  async function attempt(step: string, job: JobRecord, run: (job: JobRecord) => Promise<void>): Promise<void> {
    try {
      await run(job);
    } catch (error) {
      log.warn('step after the put failed', { step, jobId: job.id, error });
    }
  }

  return async function acceptJob(record: JobRecord): Promise<Submitted> {
    const { created, job } = await jobs.create(record);
    if (!created) return replayOf(job, record.fingerprint);
    const { tenantId, model, pool, retryOf } = job;
    log.info('job accepted', { jobId: job.id, tenantId, model, pool, retryOf });
    await attempt('enqueue', job, enqueue);
    if (job.webhook?.events.includes('job.queued') === true) await attempt('announce', job, announce);
    return { job, isReplay: false };
  };
}
