import { jobFields, type JobStore, ProblemError, type QueuePlaces } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import { type Log, noteJob } from '@afterimage/telemetry';

export interface PublishNewPorts {
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

/** Publishes a job that was put. It never rejects: the reconciler does again what fails here. */
export function makePublishNew({ enqueue, announce, log }: PublishNewPorts) {
  async function attempt(step: string, job: JobRecord, run: (job: JobRecord) => Promise<void>): Promise<void> {
    try {
      await run(job);
    } catch (error) {
      log.warn('step after the put failed', { step, ...jobFields(job), error });
    }
  }

  return async function publishNew(job: JobRecord): Promise<void> {
    await attempt('enqueue', job, enqueue);
    if (job.webhook?.events.includes('job.queued') === true) await attempt('announce', job, announce);
  };
}

export interface AcceptJobPorts extends PublishNewPorts {
  readonly jobs: Pick<JobStore, 'create' | 'get'>;
  readonly queue: QueuePlaces;
}

/** Accepts a job: put, publish, confirm. Once it is put it is never lost, so a failure after that is not the client's. */
export function makeAcceptJob({ jobs, queue, log, ...ports }: AcceptJobPorts) {
  const publishNew = makePublishNew({ log, ...ports });

  /** @throws ProblemError `queue-full`, but for a key that was used: that stands for its job, however full the queue is */
  async function earlierOrPlace({ id, tenantId }: JobRecord): Promise<JobRecord | undefined> {
    try {
      await queue.take(tenantId, 1);
      return undefined;
    } catch (error) {
      const isFull = error instanceof ProblemError && error.code === 'queue-full';
      const earlier = isFull ? await jobs.get(id) : undefined;
      if (earlier === undefined) throw error;
      return earlier;
    }
  }

  /** A place too many is found at the next recount. */
  async function giveBack(job: JobRecord): Promise<void> {
    try {
      await queue.giveBack(job.tenantId, 1);
    } catch (error) {
      log.warn('place not given back', { ...jobFields(job), error });
    }
  }

  return async function acceptJob(record: JobRecord): Promise<Submitted> {
    const earlier = await earlierOrPlace(record);
    if (earlier !== undefined) return replayOf(earlier, record.fingerprint);
    const { created, job } = await jobs.create(record);
    if (!created) {
      await giveBack(job);
      return replayOf(job, record.fingerprint);
    }
    const { model, pool, retryOf } = job;
    noteJob(jobFields(job));
    log.info('job accepted', { ...jobFields(job), model, pool, retryOf });
    await publishNew(job);
    return { job, isReplay: false };
  };
}
