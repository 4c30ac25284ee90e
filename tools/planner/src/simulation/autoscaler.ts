/** What the pools' ScaledObject asks of KEDA and of the autoscaler that it makes; its constants are those of `infra`. */
export interface ScalingRules {
  readonly min: number;
  readonly max: number;
  readonly pollSeconds: number;
  readonly idleSeconds: number;
}

/** Time between two looks of the autoscaler of Kubernetes (`--horizontal-pod-autoscaler-sync-period`). */
export const SYNC_SECONDS = 15;
/** A difference that the autoscaler of Kubernetes leaves alone (`--horizontal-pod-autoscaler-tolerance`). */
const TOLERANCE = 0.1;
export const SCALE_UP = { percent: 100, pods: 4, periodSeconds: 15 } as const;
export const SCALE_DOWN = { percent: 10, pods: 1, periodSeconds: 60, stabilizationSeconds: 300 } as const;

interface Past {
  readonly at: number;
  readonly value: number;
}

/** Entries of the last `seconds`; older ones are dropped. */
function recent(past: Past[], now: number, seconds: number): Past[] {
  while (past[0] !== undefined && past[0].at <= now - seconds) past.shift();
  return past;
}

const sum = (past: readonly Past[]) => past.reduce((total, { value }) => total + value, 0);

/**
 * The number of pods, as KEDA (from and to zero) and the horizontal autoscaler (in between) set it. `demand` is the
 * formula of the ScaledObject: jobs of each queue, waiting and running, by jobs for a pod, added up.
 */
export class Autoscaler {
  readonly #rules: ScalingRules;
  readonly #advised: Past[] = [];
  readonly #added: Past[] = [];
  readonly #removed: Past[] = [];
  #activeAt = Number.NEGATIVE_INFINITY;
  #replicas: number;

  constructor(rules: ScalingRules) {
    this.#rules = rules;
    this.#replicas = rules.min;
  }

  get replicas(): number {
    return this.#replicas;
  }

  /** KEDA's look at the queues: it wakes a pool that has no pod, and ends one that had no job for the idle time. */
  poll(now: number, demand: number): void {
    const { min, idleSeconds } = this.#rules;
    if (demand > 0) {
      this.#activeAt = now;
      if (this.#replicas === 0) this.#replicas = 1;
    } else if (min === 0 && this.#replicas > 0 && now - this.#activeAt >= idleSeconds) {
      this.#replicas = 0;
    }
  }

  /** The autoscaler's look. It does nothing while there is no pod. */
  sync(now: number, demand: number): void {
    const { min, max } = this.#rules;
    const current = this.#replicas;
    if (current === 0) return;
    const isClose = Math.abs(demand / current - 1) <= TOLERANCE;
    const advised = isClose ? current : Math.min(max, Math.max(1, min, Math.ceil(demand)));
    this.#advised.push({ at: now, value: advised });
    const steady = recent(this.#advised, now, SCALE_DOWN.stabilizationSeconds);
    if (advised > current) this.#set(now, Math.max(current, Math.min(advised, this.#ceiling(now))));
    else {
      // The most that was advised in the window: a short lull ends no pod.
      const target = Math.min(current, Math.max(...steady.map(({ value }) => value)));
      if (target < current) this.#set(now, Math.min(current, Math.max(target, this.#floor(now))));
    }
  }

  #ceiling(now: number): number {
    const { percent, pods, periodSeconds } = SCALE_UP;
    const before = this.#replicas - sum(recent(this.#added, now, periodSeconds));
    return Math.max(Math.ceil(before * (1 + percent / 100)), before + pods);
  }

  #floor(now: number): number {
    const { percent, pods, periodSeconds } = SCALE_DOWN;
    const before = this.#replicas + sum(recent(this.#removed, now, periodSeconds));
    return Math.min(Math.floor(before * (1 - percent / 100)), before - pods);
  }

  /** The autoscaler's own changes count against its limits, those of KEDA do not. */
  #set(now: number, replicas: number): void {
    const change = replicas - this.#replicas;
    if (change > 0) this.#added.push({ at: now, value: change });
    if (change < 0) this.#removed.push({ at: now, value: -change });
    this.#replicas = replicas;
  }
}
