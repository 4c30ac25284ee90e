import type { Attempt, JobRecord, JobStatus, TimelineEntry } from '@afterimage/job-schemas';

/** What must hold of the stored job, at the moment of the write, for a change to be made. */
export interface JobGuard {
  readonly status: readonly JobStatus[];
  readonly attempt?: number;
  readonly token?: string;
  readonly version?: number;
  /** ISO time: holds when the job's `dueAt` is at or before it. */
  readonly dueBy?: string;
  /** ISO time: holds when the start deadline is after it. */
  readonly startDeadlineAfter?: string;
  /** ISO time: holds when the start deadline is at or before it. */
  readonly startDeadlineBy?: string;
}

type Settable = Omit<JobRecord, 'id' | 'tenantId' | 'version' | 'attempts' | 'createdAt'>;

/**
 * A transition as data. The in-memory store interprets it and the DynamoDB store compiles it to one conditional update,
 * so the rules of the lifecycle stand in one place.
 */
export interface JobChange {
  readonly guard: JobGuard;
  readonly set: Partial<Settable>;
  /** Whether `version` grows by one: on each change of status, phase, outputs or error. */
  readonly bumpsVersion: boolean;
  /** Appended to `timeline` by the same write, so that there is no event without its change and no change without its event. */
  readonly timelineEntry?: TimelineEntry;
  /** Appended to `attempts`; never in the same change as `endsAttempt`. */
  readonly startsAttempt?: Attempt;
  /** Closes the attempt of this number, which is element `number - 1` of `attempts`. */
  readonly endsAttempt?: Pick<Attempt, 'number' | 'outcome' | 'reason' | 'endedAt'>;
}

/** Whether the guard holds of a job. */
export function guardHolds(guard: JobGuard, job: JobRecord): boolean {
  return (
    guard.status.includes(job.status) &&
    (guard.attempt === undefined || guard.attempt === job.attempt) &&
    (guard.token === undefined || guard.token === job.token) &&
    (guard.version === undefined || guard.version === job.version) &&
    (guard.dueBy === undefined || (job.dueAt !== null && job.dueAt <= guard.dueBy)) &&
    (guard.startDeadlineAfter === undefined || job.startDeadlineAt > guard.startDeadlineAfter) &&
    (guard.startDeadlineBy === undefined || job.startDeadlineAt <= guard.startDeadlineBy)
  );
}

/** The job after the change; undefined when the guard does not hold. The job given is left as it is. */
export function applyChange(job: JobRecord, change: JobChange): JobRecord | undefined {
  if (!guardHolds(change.guard, job)) return undefined;
  const { startsAttempt, endsAttempt } = change;
  const attempts = job.attempts.map((attempt) =>
    attempt.number === endsAttempt?.number ? { ...attempt, ...endsAttempt } : attempt,
  );
  if (startsAttempt !== undefined) attempts.push(startsAttempt);
  const { timeline = job.timeline } = change.set;
  return {
    ...job,
    ...change.set,
    attempts,
    timeline: change.timelineEntry === undefined ? timeline : [...timeline, change.timelineEntry],
    version: job.version + (change.bumpsVersion ? 1 : 0),
  };
}
