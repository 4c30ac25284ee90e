import type { HealthCheck } from '@afterimage/app-host/service';
import type { WorkerRecord } from '@afterimage/job-core';
import type { Activity } from './process-job.ts';
import type { Time } from './time.ts';

/**
 *   starting ─▶ polling ◀─▶ working
 *      │           │           │
 *      └───────────┴─────┬─────┘
 *                        ▼
 *                     draining ─▶ stopped          any but stopped ─▶ failed
 *
 * starting: the engine is not ready yet. polling: has no job. working: has one at least. draining: takes none any more, may
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
  #isEngineLost = false;
  #hasSpotNotice = false;
  #model: string | null = null;
  readonly #activities = new Set<Activity>();
  #busyMs = 0;
  #busySinceMs = 0;

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

  /** A job is claimed; the function that comes back is called when it is over. */
  begin(activity: Activity): () => void {
    const own = { ...activity };
    if (this.#activities.size === 0) this.#busySinceMs = this.#time.monotonicMs();
    this.#activities.add(own);
    this.#model = activity.model;
    return () => {
      if (!this.#activities.delete(own) || this.#activities.size > 0) return;
      this.#busyMs += this.#time.monotonicMs() - this.#busySinceMs;
    };
  }

  /** Milliseconds since the start in which the worker had a job at least. */
  get busyMs(): number {
    return this.#busyMs + (this.#activities.size === 0 ? 0 : this.#time.monotonicMs() - this.#busySinceMs);
  }

  /** The engine does not start, is unusable, or does not come back to idle. */
  loseEngine(): void {
    this.#isEngineLost = true;
  }

  /** The machine of the worker is about to be taken back. */
  expectSpotEnd(): void {
    this.#hasSpotNotice = true;
  }

  /** What the registry of workers is told. */
  snapshot(): Pick<WorkerRecord, 'state' | 'model' | 'jobs' | 'hasSpotNotice'> {
    const jobs = [...this.#activities].map(({ jobId, attempt, leaseAgeMs }) => ({
      jobId,
      attempt,
      leaseAgeMs: leaseAgeMs(),
    }));
    return { state: this.#state, model: this.#model, jobs, hasSpotNotice: this.#hasSpotNotice };
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

  /** True once the engine was ready, or the worker has to end without that. */
  started(): HealthCheck {
    return { ok: this.#state !== 'starting' };
  }

  /** False when only a restart of the engine can help: its own container may be probed by this. */
  engine(): HealthCheck {
    return { ok: !this.#isEngineLost };
  }

  report(): HealthCheck {
    const jobs = [...this.#activities].map(({ jobId, attempt, model, stage, leaseAgeMs }) => ({
      id: jobId,
      attempt,
      model,
      stage: stage(),
      leaseAgeSeconds: seconds(leaseAgeMs()),
    }));
    const lastPollAgeSeconds = seconds(this.#pollAgeMs());
    return { ok: true, detail: { state: this.#state, isEngineLost: this.#isEngineLost, jobs, lastPollAgeSeconds } };
  }

  /** What `report` tells in numbers, by the names that Prometheus gets. */
  gauges(): Readonly<Record<string, number>> {
    const leaseAges = [...this.#activities].map(({ leaseAgeMs }) => leaseAgeMs());
    return {
      afterimage_worker_ready: Number(this.ready().ok),
      afterimage_worker_engine_usable: Number(this.engine().ok),
      afterimage_worker_jobs: this.#activities.size,
      afterimage_worker_lease_age_seconds: seconds(Math.max(0, ...leaseAges)),
      afterimage_worker_poll_age_seconds: seconds(this.#pollAgeMs()),
    };
  }

  #pollAgeMs(): number {
    return this.#time.monotonicMs() - this.#polledAtMs;
  }
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
