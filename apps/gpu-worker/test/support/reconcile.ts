import type { JobChange, JobStore } from '@afterimage/job-core';
import { confirmPublished, endAttempt, expire, forceCancel } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import { isTerminal } from '@afterimage/job-schemas';

export interface ReconcilePorts {
  readonly jobs: JobStore;
  readonly announce: (job: JobRecord) => Promise<void>;
  readonly enqueue: (job: JobRecord) => Promise<void>;
}

/** The requeue of a running job whose lease has lapsed. */
export function lapse(job: JobRecord, now: Date): JobChange {
  const error = {
    code: 'worker_lost',
    message: 'the lease lapsed',
    stage: 'queue',
    attempt: job.attempt,
    retryable: true,
  } as const;
  return endAttempt(job, { outcome: 'lost', reason: 'lease_lapsed', error, now, ifLapsed: true });
}

/** One step for an overdue job, as the job-reconciler takes it. */
export async function reconcile({ jobs, announce, enqueue }: ReconcilePorts, job: JobRecord, now: Date): Promise<void> {
  if (job.dueAt === null || job.dueAt > now.toISOString()) return;
  if (isTerminal(job.status)) return await announce(job);
  if (job.status === 'canceling') return void (await jobs.change(job.id, forceCancel(job, now)));
  if (job.status === 'running') {
    const requeued = await jobs.change(job.id, lapse(job, now));
    if (requeued?.status === 'queued') await enqueue(requeued);
    return;
  }
  if (job.startDeadlineAt <= now.toISOString()) return void (await jobs.change(job.id, expire(now)));
  if (job.isPublished) return void (await jobs.change(job.id, confirmPublished(job)));
  await enqueue(job);
}
