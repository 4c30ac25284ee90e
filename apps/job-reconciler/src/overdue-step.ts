import { endAttempt, expire, forceCancel, type JobChange } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';

/**
 * What an overdue job needs: a transition, or a publication or deletion that was never confirmed. `none`: somebody else has moved it
 * on.
 */
export type OverdueStep =
  | { readonly kind: 'expire' | 'loseWorker' | 'forceCancel'; readonly change: JobChange }
  | { readonly kind: 'enqueue' | 'announce' | 'eraseFiles' | 'none' };

function loseWorker(job: JobRecord, now: Date): JobChange {
  const { attempt } = job;
  return endAttempt(job, {
    outcome: 'lost',
    reason: 'lease_lapsed',
    error: {
      code: 'worker_lost',
      message: `the worker of attempt ${attempt} stopped renewing its lease`,
      stage: job.phase ?? 'preparing',
      attempt,
      retryable: true,
    },
    now,
    ifLapsed: true,
  });
}

/** The one step that moves an overdue job on. Every step ends in a later `dueAt`, or in none. */
export function overdueStep(job: JobRecord, now: Date): OverdueStep {
  const time = now.toISOString();
  if (job.dueAt === null || job.dueAt > time) return { kind: 'none' };
  switch (job.status) {
    case 'queued':
      return job.startDeadlineAt <= time ? { kind: 'expire', change: expire(now) } : { kind: 'enqueue' };
    case 'running':
      return { kind: 'loseWorker', change: loseWorker(job, now) };
    case 'canceling':
      return { kind: 'forceCancel', change: forceCancel(job, now) };
    case 'succeeded':
    case 'failed':
    case 'canceled':
    case 'expired':
      // A job is erased only once its event is out.
      return { kind: job.erasedAt === null ? 'announce' : 'eraseFiles' };
  }
}
