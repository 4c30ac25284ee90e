import type { ScalingRules } from './autoscaler.ts';
import type { Spread } from './random.ts';

export type Priority = 'interactive' | 'batch';
/** The two ways of buying a machine. */
export const MARKETS = ['spot', 'onDemand'] as const;
export type Market = (typeof MARKETS)[number];

/** Room for pods on the machines of a market; the first of the list is tried first. */
export interface Capacity {
  readonly market: Market;
  readonly maxPods: number;
}

/** One pool and the jobs that come to it. Times are seconds from the beginning. */
export interface SimulationInput {
  /** Of each job, in order of time. */
  readonly arrivals: Float64Array;
  /** Share of the jobs that are in the batch queue, by chance. */
  readonly batchShare: number;
  /** Time that a job keeps the engine: always the same, or exponential about its mean. */
  readonly serviceSeconds: number;
  readonly service: 'constant' | 'exponential';
  /** Between two jobs of a worker that has more: the engine does nothing then. */
  readonly gapSeconds: number;
  readonly scaling: ScalingRules;
  readonly jobsPerPod: Readonly<Record<Priority, number>>;
  readonly capacities: readonly Capacity[];
  readonly drainSeconds: number;
  /** From the pod that has no machine to the call of EC2. */
  readonly batchingSeconds: number;
  readonly nodeStart: Spread;
  readonly imagePull: Spread;
  readonly modelLoad: Spread;
  /** A machine without a pod is kept this long. */
  readonly emptySeconds: number;
  /** Share of starts on Spot that find no machine. */
  readonly spotUnavailableShare: number;
  /** Of a machine on Spot, an hour. */
  readonly interruptionsPerHour: number;
  /** From the notice to the end of the machine. */
  readonly noticeSeconds: number;
  /** Before the end of the machine, what the worker leaves for giving its job back. */
  readonly noticeReserveSeconds: number;
  /** What is paid for at least; the simulation goes on until the last job is done. */
  readonly horizonSeconds: number;
  readonly seed: number;
}
