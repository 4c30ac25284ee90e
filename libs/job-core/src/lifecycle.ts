/**
 * The lifecycle of a job, as pure functions from an event to a change with its guard.
 *
 *   (create) ─▶ queued ──claim──▶ running ──succeed──▶ succeeded
 *                 ▲  │               │ ├──fail──▶ failed
 *                 │  │               │ └──cancel──▶ canceling ──acknowledge | force──▶ canceled
 *                 │  │               │                  └──succeed (the outputs won the race)──▶ succeeded
 *                 └──┼──requeue──────┘
 *                    ├──start deadline──▶ expired
 *                    ├──cancel──▶ canceled
 *                    └──dead letter──▶ failed
 *
 * A terminal state has no way out: no guard below names one, but that of `confirmAnnounced`, which changes no status.
 * Nor does the erasure of a job that has ended, which is in erasure.ts.
 */
import type {
  Attempt,
  JobError,
  JobPhase,
  JobRecord,
  StoredOutput,
  StoredProgress,
  TimelineEntry,
  Timings,
} from '@afterimage/job-schemas';
import { LIMITS } from '@afterimage/job-schemas';
import type { JobChange } from './job-change.ts';

/** Seconds after which an unconfirmed publication is overdue. */
export const PUBLISH_GRACE_SECONDS = 15;
/** Seconds that a worker has to acknowledge a cancellation before it is forced. */
export const CANCEL_GRACE_SECONDS = 30;

/** ISO time of `date` plus seconds. */
export function after(date: Date, seconds: number): string {
  return new Date(date.getTime() + seconds * 1000).toISOString();
}

interface Ending {
  readonly now: Date;
  readonly status: 'succeeded' | 'failed' | 'canceled' | 'expired';
}

function terminal({ now, status }: Ending): JobChange['set'] {
  return {
    status,
    phase: null,
    leaseOwner: null,
    finishedAt: now.toISOString(),
    isAnnounced: false,
    dueAt: after(now, PUBLISH_GRACE_SECONDS),
  };
}

function ended({ now, status }: Ending, reason?: string): TimelineEntry {
  return { at: now.toISOString(), status, phase: null, ...(reason === undefined ? {} : { reason }) };
}

function endOf(
  number: number,
  outcome: Attempt['outcome'],
  reason: string | null,
  now: Date,
): NonNullable<JobChange['endsAttempt']> {
  return { number, outcome, reason, endedAt: now.toISOString() };
}

/** The claim check of this attempt is in the queue; from now on the start deadline is what can pass. */
export function confirmPublished(job: Pick<JobRecord, 'attempt' | 'startDeadlineAt'>): JobChange {
  return {
    guard: { status: ['queued'], attempt: job.attempt },
    set: { isPublished: true, dueAt: job.startDeadlineAt },
    bumpsVersion: false,
  };
}

export interface Claim {
  readonly attempt: number;
  readonly owner: string;
  readonly token: string;
  readonly now: Date;
  readonly leaseSeconds: number;
}

/** A worker takes the job. Refused when another has it, when it is at another attempt, and past the start deadline. */
export function claim({ attempt, owner, token, now, leaseSeconds }: Claim): JobChange {
  const startedAt = now.toISOString();
  return {
    guard: { status: ['queued'], attempt, startDeadlineAfter: startedAt },
    set: {
      status: 'running',
      phase: 'preparing',
      token,
      leaseOwner: owner,
      isPublished: true,
      startedAt,
      progress: null,
      dueAt: after(now, leaseSeconds),
    },
    bumpsVersion: true,
    timelineEntry: { at: startedAt, status: 'running', phase: 'preparing', attempt },
    startsAttempt: { number: attempt, outcome: null, reason: null, startedAt, endedAt: null },
  };
}

export interface Heartbeat {
  readonly token: string;
  readonly now: Date;
  readonly leaseSeconds: number;
  readonly progress: StoredProgress | null;
  /** Only when it is another one than the job's record has. */
  readonly phase?: JobPhase;
}

/**
 * Renews the lease and writes progress and, when there is a new one, the phase. It holds in `canceling` too: the job that comes back tells the worker to stop.
 * A worker that has seen `canceling` sends no more of them, so that the lease ends and the cancellation can be forced.
 */
export function heartbeat({ token, now, leaseSeconds, progress, phase }: Heartbeat): JobChange {
  return {
    guard: { status: ['running', 'canceling'], token },
    set: { progress, dueAt: after(now, leaseSeconds), ...(phase === undefined ? {} : { phase }) },
    bumpsVersion: phase !== undefined,
    ...(phase === undefined ? {} : { timelineEntry: { at: now.toISOString(), phase } }),
  };
}

export interface Success {
  readonly token: string;
  readonly attempt: number;
  readonly now: Date;
  readonly outputs: StoredOutput[];
  readonly progress: StoredProgress | null;
  readonly timings: Timings;
}

/** All outputs are stored. A cancellation that was asked for but not acknowledged loses against them. */
export function succeed({ token, attempt, now, outputs, progress, timings }: Success): JobChange {
  const ending: Ending = { now, status: 'succeeded' };
  return {
    guard: { status: ['running', 'canceling'], token },
    set: { ...terminal(ending), outputs, progress, timings, error: null },
    bumpsVersion: true,
    timelineEntry: ended(ending),
    endsAttempt: endOf(attempt, 'succeeded', null, now),
  };
}

/** How a running attempt ended without success. `lost`: by no fault of the job (Spot, drain, lapsed lease). */
export interface AttemptEnd {
  readonly outcome: 'failed' | 'lost';
  /** Machine-readable cause: an error code, `spot_interruption`, `drain`, `lease_lapsed`. */
  readonly reason: string;
  readonly error: JobError;
  readonly now: Date;
  /** Only when the lease has lapsed as well. */
  readonly ifLapsed?: boolean;
}

type Running = Pick<JobRecord, 'attempt' | 'failures' | 'losses' | 'policy' | 'token'>;

function mayRetry(job: Running, { outcome, error }: AttemptEnd): boolean {
  if (outcome === 'lost') return job.losses + 1 <= LIMITS.lostAttempts;
  return error.retryable && job.failures + 1 < job.policy.maxAttempts;
}

/** Ends a running attempt: back to the queue with the next attempt, or failed when none is left. */
export function endAttempt(job: Running, end: AttemptEnd): JobChange {
  const { now, outcome, reason } = end;
  const guard: JobChange['guard'] = {
    status: ['running'],
    attempt: job.attempt,
    // Nobody holds a job without a token: the guard of its end never holds, as no token is empty.
    token: job.token ?? '',
    ...(end.ifLapsed === true ? { dueBy: now.toISOString() } : {}),
  };
  const counts = outcome === 'lost' ? { losses: job.losses + 1 } : { failures: job.failures + 1 };
  const shared = { guard, bumpsVersion: true, endsAttempt: endOf(job.attempt, outcome, reason, now) } as const;
  if (!mayRetry(job, end)) {
    const error = { ...end.error, retryable: false };
    const ending: Ending = { now, status: 'failed' };
    return { ...shared, set: { ...terminal(ending), ...counts, error }, timelineEntry: ended(ending, reason) };
  }
  return {
    ...shared,
    timelineEntry: { at: now.toISOString(), status: 'queued', phase: null, attempt: job.attempt + 1, reason },
    set: {
      ...counts,
      status: 'queued',
      phase: null,
      attempt: job.attempt + 1,
      token: null,
      leaseOwner: null,
      startedAt: null,
      progress: null,
      error: end.error,
      isPublished: false,
      startDeadlineAt: after(now, job.policy.startWithinSeconds),
      dueAt: after(now, PUBLISH_GRACE_SECONDS),
    },
  };
}

/** The client's cancellation: at once while queued, asked of the worker while running; undefined when nothing changes. */
export function cancel(job: Pick<JobRecord, 'status'>, now: Date): JobChange | undefined {
  const cancelRequestedAt = now.toISOString();
  if (job.status === 'queued') {
    const ending: Ending = { now, status: 'canceled' };
    return {
      guard: { status: ['queued'] },
      set: { ...terminal(ending), cancelRequestedAt },
      bumpsVersion: true,
      timelineEntry: ended(ending),
    };
  }
  if (job.status === 'running') {
    return {
      guard: { status: ['running'] },
      set: { status: 'canceling', cancelRequestedAt, dueAt: after(now, CANCEL_GRACE_SECONDS) },
      bumpsVersion: true,
      timelineEntry: { at: cancelRequestedAt, status: 'canceling' },
    };
  }
  return undefined;
}

/** The worker has stopped the engine. */
export function acknowledgeCancel(step: { token: string; attempt: number; now: Date }): JobChange {
  const ending: Ending = { now: step.now, status: 'canceled' };
  return {
    guard: { status: ['canceling'], token: step.token },
    set: terminal(ending),
    bumpsVersion: true,
    timelineEntry: ended(ending),
    endsAttempt: endOf(step.attempt, 'canceled', null, step.now),
  };
}

/** The worker did not acknowledge in time. */
export function forceCancel(job: Pick<JobRecord, 'attempt'>, now: Date): JobChange {
  const ending: Ending = { now, status: 'canceled' };
  return {
    guard: { status: ['canceling'], attempt: job.attempt, dueBy: now.toISOString() },
    set: terminal(ending),
    bumpsVersion: true,
    timelineEntry: ended(ending, 'cancel_forced'),
    endsAttempt: endOf(job.attempt, 'canceled', 'cancel_forced', now),
  };
}

/** Nobody claimed the job in time. */
export function expire(now: Date): JobChange {
  const ending: Ending = { now, status: 'expired' };
  return {
    guard: { status: ['queued'], startDeadlineBy: now.toISOString() },
    set: terminal(ending),
    bumpsVersion: true,
    timelineEntry: ended(ending),
  };
}

/** The claim check of this attempt ended in the dead-letter queue: no worker will ever see it again. */
export function deadLetter(attempt: number, now: Date): JobChange {
  const ending: Ending = { now, status: 'failed' };
  return {
    guard: { status: ['queued'], attempt },
    timelineEntry: ended(ending, 'dead_letter'),
    set: {
      ...terminal(ending),
      error: {
        code: 'internal',
        message: 'the message of the job could not be processed and was moved to the dead-letter queue',
        stage: 'queue',
        attempt,
        retryable: false,
      },
    },
    bumpsVersion: true,
  };
}

/** The event of the terminal state is published: nobody has to do anything for this job any more. */
export function confirmAnnounced(job: Pick<JobRecord, 'version'>): JobChange {
  return {
    guard: { status: ['succeeded', 'failed', 'canceled', 'expired'], version: job.version },
    set: { isAnnounced: true, dueAt: null },
    bumpsVersion: false,
  };
}
