import type { HealthCheck } from '@afterimage/app-host/service';
import type { Activity } from './process-job.ts';
import type { Time } from './time.ts';

/**
 *   starting ─▶ polling ◀─▶ working
 *      │           │           │
 *      └───────────┴─────┬─────┘
 *                        ▼
 *                     draining ─▶ stopped          any but stopped ─▶ failed
 *
 * starting: the engine is not ready yet. polling: waits for a message. working: has one. draining: takes none any more, may
 * still work. stopped: every job is finished or given back. failed: the worker cannot go on; its process ends with code 1.
 */
export type WorkerState = 'starting' | 'polling' | 'working' | 'draining' | 'stopped' | 'failed';

const NEXT: Readonly<Record<WorkerState, readonly WorkerState[]>> = {
  starting: ['polling', 'draining', 'failed'],
  polling: ['working', 'draining', 'failed'],
  working: ['polling', 'draining', 'failed'],
  draining: ['stopped', 'failed'],
  stopped: [],
  failed: [],
};

/** The state of the worker, and what operators and probes see of it. Nothing of a job but its id and attempt. */
export class WorkerStatus {
  readonly #time: Pick<Time, 'monotonicMs'>;
  readonly #maxPollAgeMs: number;
  #state: WorkerState = 'starting';
  #polledAtMs: number;
  #activity: Activity | undefined;

  /** @param maxPollAgeMs time without a new poll after which a worker that polls counts as hung */
  constructor(time: Pick<Time, 'monotonicMs'>, maxPollAgeMs: number) {
    this.#time = time;
    this.#maxPollAgeMs = maxPollAgeMs;
    this.#polledAtMs = time.monotonicMs();
  }

  get state(): WorkerState {
    return this.#state;
  }

  /** @throws Error when the worker cannot come to this state from the one that it is in */
  enter(state: WorkerState): void {
    if (state === this.#state) return;
    if (!NEXT[this.#state].includes(state)) throw new Error(`the worker cannot go from ${this.#state} to ${state}`);
    this.#state = state;
  }

  /** A round of polling begins. */
  polled(): void {
    this.#polledAtMs = this.#time.monotonicMs();
  }

  setActivity(activity: Activity | undefined): void {
    this.#activity = activity;
  }

  /** False when only a restart can help. */
  live(): HealthCheck {
    const isHung = this.#state === 'polling' && this.#pollAgeMs() > this.#maxPollAgeMs;
    return { ok: this.#state !== 'failed' && !isHung };
  }

  /** True while the worker takes jobs. */
  ready(): HealthCheck {
    return { ok: this.#state === 'polling' || this.#state === 'working' };
  }

  report(): HealthCheck {
    const job = this.#activity;
    return {
      ok: true,
      detail: {
        state: this.#state,
        job:
          job === undefined
            ? null
            : { id: job.jobId, attempt: job.attempt, leaseAgeSeconds: seconds(job.leaseAgeMs()) },
        lastPollAgeSeconds: seconds(this.#pollAgeMs()),
      },
    };
  }

  #pollAgeMs(): number {
    return this.#time.monotonicMs() - this.#polledAtMs;
  }
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
