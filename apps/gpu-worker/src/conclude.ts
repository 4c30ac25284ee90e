import type { AttemptEnd, JobChange, JobStore } from '@afterimage/job-core';
import { acknowledgeCancel, endAttempt, succeed } from '@afterimage/job-core';
import type { Attempt, JobRecord } from '@afterimage/job-schemas';
import type { Log, MetricSink } from '@afterimage/telemetry';
import type { ClaimedJob } from './claim-job.ts';
import { METRIC } from './metrics.ts';
import type { Lease } from './queue/lease.ts';
import type { Time } from './time.ts';

export interface ConcludePorts {
  readonly jobs: JobStore;
  /** Never rejects. */
  readonly tell: (job: JobRecord) => Promise<void>;
  readonly enqueue: (job: JobRecord) => Promise<void>;
  readonly time: Time;
  readonly log: Log;
  readonly metrics: MetricSink;
}

export type Success = Omit<Parameters<typeof succeed>[0], 'token' | 'attempt' | 'now'>;

/** Yields the job as it is after the write; undefined when the job is not this worker's any more. */
type Conclusion = Promise<JobRecord | undefined>;

const RETRY_MS = 500;

function isSameEnd(attempt: Attempt | undefined, end: JobChange['endsAttempt']): boolean {
  return attempt?.outcome === end?.outcome && attempt?.reason === end?.reason && attempt?.endedAt === end?.endedAt;
}

/**
 * The last write of an attempt and what follows from it. Each of them is tried until the lease has run out, is conditional
 * on the token, and is recognised when it got through although its answer was lost. What fails after the write is not
 * tried again here: the job is due then, and the reconciler does it.
 */
export function makeConclude({ jobs, tell, enqueue, time, log, metrics }: ConcludePorts) {
  /** Whether an earlier try of this change is what refused it: its mark is how it closed the attempt. */
  async function ownEarlierWrite(jobId: string, { endsAttempt }: JobChange): Conclusion {
    const job = await jobs.get(jobId);
    const attempt = job?.attempts.find(({ number }) => number === endsAttempt?.number);
    return isSameEnd(attempt, endsAttempt) ? job : undefined;
  }

  async function write(jobId: string, change: JobChange, lease: Lease): Conclusion {
    for (;;) {
      try {
        return (await jobs.change(jobId, change)) ?? (await ownEarlierWrite(jobId, change));
      } catch (error) {
        const isLast = lease.remainingMs() <= RETRY_MS;
        log.warn('end of the attempt not written', { jobId, isLast, error });
        if (isLast) return undefined;
        await time.wait(RETRY_MS);
      }
    }
  }

  async function publishNextAttempt(job: JobRecord): Promise<void> {
    try {
      await enqueue(job);
    } catch (error) {
      metrics.count(METRIC.enqueueErrors);
      log.warn('next attempt not published', { jobId: job.id, attempt: job.attempt, error });
    }
  }

  return {
    async succeed({ job, token }: ClaimedJob, success: Success, lease: Lease): Conclusion {
      const change = succeed({ ...success, token, attempt: job.attempt, now: time.now() });
      const after = await write(job.id, change, lease);
      if (after !== undefined) await tell(after);
      return after;
    },

    /** Ends the attempt; when a cancellation came before that, acknowledges it. */
    async end({ job, token }: ClaimedJob, end: Omit<AttemptEnd, 'now'>, lease: Lease): Conclusion {
      const now = time.now();
      const after =
        (await write(job.id, endAttempt(job, { ...end, now }), lease)) ??
        (await write(job.id, acknowledgeCancel({ token, attempt: job.attempt, now }), lease));
      if (after?.status === 'queued') await publishNextAttempt(after);
      if (after !== undefined) await tell(after);
      return after;
    },

    async acknowledgeCancel({ job, token }: ClaimedJob, lease: Lease): Conclusion {
      const change = acknowledgeCancel({ token, attempt: job.attempt, now: time.now() });
      const after = await write(job.id, change, lease);
      if (after !== undefined) await tell(after);
      return after;
    },
  };
}
