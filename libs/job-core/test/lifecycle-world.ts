/**
 * One job among several workers, a client, a reconciler and a dead-letter queue, each of which acts on what it knew some
 * time ago. What happens is drawn by the property test; who may do what is left to the lifecycle.
 */
import type { JobError, JobRecord } from '@afterimage/job-schemas';
import { isTerminal } from '@afterimage/job-schemas';
import type { JobChange } from '../src/job-change.ts';
import { applyChange } from '../src/job-change.ts';
import {
  acknowledgeCancel,
  cancel,
  claim,
  confirmAnnounced,
  confirmPublished,
  deadLetter,
  endAttempt,
  expire,
  forceCancel,
  heartbeat,
  succeed,
} from '../src/lifecycle.ts';
import { CREATED, OUTPUT, queuedJob } from './queued-job.ts';

export const WORKERS = 3;
const LEASE_SECONDS = 30;

export type WorkerStep = 'heartbeat' | 'phase' | 'succeed' | 'fail' | 'give up' | 'release' | 'acknowledge';

export type Happening =
  | { readonly kind: 'time passes'; readonly seconds: number }
  | { readonly kind: 'claim'; readonly worker: number; readonly attemptOffset: number }
  | { readonly kind: 'work'; readonly worker: number; readonly step: WorkerStep }
  | { readonly kind: 'cancel'; readonly isStale: boolean }
  | { readonly kind: 'confirm published'; readonly isStale: boolean }
  | { readonly kind: 'reconcile'; readonly isStale: boolean }
  | { readonly kind: 'dead letter'; readonly attemptOffset: number };

/** A write that somebody tried, and the job before and after it. */
export interface Write {
  readonly by: Happening;
  readonly change: JobChange;
  readonly before: JobRecord;
  /** Undefined when the guard refused it. */
  readonly after: JobRecord | undefined;
  /** The token that the writer holds, for writes of workers. */
  readonly token?: string;
}

interface Held {
  readonly token: string;
  job: JobRecord;
}

function errorOf(job: JobRecord, retryable: boolean): JobError {
  const code = retryable ? 'engine_error' : 'input_invalid';
  return { code, message: 'it broke', stage: 'inferring', attempt: job.attempt, retryable };
}

/** The step that the reconciler takes on an overdue job; undefined when it has nothing to do. */
export function overdueStep(job: JobRecord, now: Date): JobChange | undefined {
  if (job.dueAt === null || job.dueAt > now.toISOString()) return undefined;
  if (isTerminal(job.status)) return confirmAnnounced(job);
  if (job.status === 'canceling') return forceCancel(job, now);
  if (job.status === 'queued') return job.isPublished ? expire(now) : confirmPublished(job);
  const error: JobError = { ...errorOf(job, true), code: 'worker_lost' };
  return endAttempt(job, { outcome: 'lost', reason: 'lease_lapsed', error, now, ifLapsed: true });
}

export class LifecycleWorld {
  job: JobRecord;
  /** The job as it was a few happenings ago. */
  #old: JobRecord;
  #now = CREATED;
  #claims = 0;
  readonly #held: (Held | undefined)[] = Array.from({ length: WORKERS });

  constructor(overrides: Partial<JobRecord> = {}) {
    this.job = queuedJob(overrides);
    this.#old = this.job;
  }

  /** Makes something happen; yields the write that it led to, if any. */
  happen(by: Happening): Write | undefined {
    if (by.kind === 'time passes') {
      this.#now = new Date(this.#now.getTime() + by.seconds * 1000);
      this.#old = this.job;
      return undefined;
    }
    if (by.kind === 'claim') return this.#claim(by);
    if (by.kind === 'work') return this.#work(by);
    const change = this.#changeOf(by);
    return change === undefined ? undefined : this.#write(by, change);
  }

  /** Lets the reconciler alone act, each time at the moment that the job is due; yields the number of steps it took. */
  settle(limit: number): number {
    let steps = 0;
    while (this.job.dueAt !== null && steps < limit) {
      this.#now = new Date(Math.max(this.#now.getTime(), Date.parse(this.job.dueAt)));
      const change = overdueStep(this.job, this.#now);
      const next = change === undefined ? undefined : applyChange(this.job, change);
      if (next === undefined) throw new Error(`nothing moves a job on that is ${this.job.status}`);
      this.job = next;
      steps += 1;
    }
    return steps;
  }

  #changeOf(by: Exclude<Happening, { kind: 'time passes' | 'claim' | 'work' }>): JobChange | undefined {
    if (by.kind === 'dead letter') return deadLetter(this.job.attempt + by.attemptOffset, this.#now);
    const job = by.isStale ? this.#old : this.job;
    if (by.kind === 'cancel') return cancel(job, this.#now);
    return by.kind === 'reconcile' ? overdueStep(job, this.#now) : confirmPublished(job);
  }

  #claim(by: Extract<Happening, { kind: 'claim' }>): Write {
    this.#claims += 1;
    const token = `token-${this.#claims}`;
    const attempt = this.job.attempt + by.attemptOffset;
    const owner = `worker-${by.worker}`;
    const write = this.#write(by, claim({ attempt, owner, token, now: this.#now, leaseSeconds: LEASE_SECONDS }));
    if (write.after !== undefined) this.#held[by.worker] = { token, job: write.after };
    return write;
  }

  #work(by: Extract<Happening, { kind: 'work' }>): Write | undefined {
    const held = this.#held[by.worker];
    if (held === undefined) return undefined;
    const write = this.#write(by, this.#stepOf(held, by.step), held.token);
    if (write.after !== undefined) held.job = write.after;
    return write;
  }

  #stepOf({ token, job }: Held, step: WorkerStep): JobChange {
    const now = this.#now;
    const { attempt } = job;
    switch (step) {
      case 'heartbeat':
        return heartbeat({ token, now, leaseSeconds: LEASE_SECONDS, progress: null });
      case 'phase':
        return heartbeat({ token, now, leaseSeconds: LEASE_SECONDS, progress: null, phase: 'inferring' });
      case 'succeed':
        return succeed({ token, attempt, now, outputs: [OUTPUT], progress: null, timings: job.timings });
      case 'fail':
        return endAttempt(job, { outcome: 'failed', reason: 'engine_error', error: errorOf(job, true), now });
      case 'give up':
        return endAttempt(job, { outcome: 'failed', reason: 'input_invalid', error: errorOf(job, false), now });
      case 'release':
        return endAttempt(job, { outcome: 'lost', reason: 'drain', error: errorOf(job, true), now });
      case 'acknowledge':
        return acknowledgeCancel({ token, attempt, now });
    }
  }

  #write(by: Happening, change: JobChange, token?: string): Write {
    const before = this.job;
    const after = applyChange(before, change);
    this.job = after ?? before;
    return { by, change, before, after, ...(token === undefined ? {} : { token }) };
  }
}
