import { PlanError } from '../plan-error.ts';
import { Autoscaler, SYNC_SECONDS } from './autoscaler.ts';
import { EventQueue } from './event-queue.ts';
import { Fifo } from './fifo.ts';
import { Fleet, type Pod } from './fleet.ts';
import type { PhaseSeconds } from './machine-ledger.ts';
import { makeRandom } from './random.ts';
import type { Market, Priority, SimulationInput } from './simulation-input.ts';
import { summarise, type Summary } from './statistics.ts';

export interface SimulationResult {
  readonly jobs: number;
  /** From the arrival of a job to the beginning of its first run, in seconds. */
  readonly waitSeconds: Summary;
  /** From the arrival of a job to its end, in seconds. */
  readonly turnaroundSeconds: Summary;
  /** Seconds of machines, by how they are bought and what they did. */
  readonly seconds: Readonly<Record<Market, PhaseSeconds>>;
  readonly launches: Readonly<Record<Market, number>>;
  readonly interruptions: number;
  /** Runs that ended with their machine or pod, and were begun anew. */
  readonly lostRuns: number;
  readonly mostMachines: number;
  /** When the last job was done; after the horizon when the pool is too small. */
  readonly lastDoneAt: number;
  /** What was simulated: the horizon, or until the last job was done. */
  readonly endsAt: number;
}

/** A pool whose jobs take this many times the period is called hopeless. */
const PATIENCE_HORIZONS = 20;

/**
 * Simulates a pool event by event: jobs come, KEDA and the autoscaler of Kubernetes set the number of pods, Karpenter
 * starts and ends machines, Spot takes some back. The same input gives the same result.
 * @throws PlanError when the jobs take longer than twenty times the horizon
 */
export function simulate(input: SimulationInput): SimulationResult {
  const { arrivals, gapSeconds, scaling, jobsPerPod } = input;
  const random = makeRandom(input.seed);
  const serviceRandom = makeRandom(input.seed + 1);
  const events = new EventQueue();
  const autoscaler = new Autoscaler(scaling);
  const queues: Readonly<Record<Priority, Fifo>> = { interactive: new Fifo(), batch: new Fifo() };
  const inFlight: Record<Priority, number> = { interactive: 0, batch: 0 };
  const jobs = arrivals.length;
  const isBatch = new Uint8Array(jobs);
  const firstStart = new Float64Array(jobs).fill(Number.NaN);
  const turnaround = new Float64Array(jobs);
  const service = new Float64Array(input.service === 'exponential' ? jobs : 0);
  const idle: Pod[] = [];
  /** Those that count as replicas, oldest first. */
  const pods: Pod[] = [];
  let now = 0;
  let done = 0;
  let lastDoneAt = 0;
  let lostRuns = 0;

  for (let job = 0; job < jobs; job += 1) {
    if (input.batchShare > 0) isBatch[job] = serviceRandom.uniform() < input.batchShare ? 1 : 0;
    if (service.length > 0) service[job] = serviceRandom.exponential(input.serviceSeconds);
  }
  const priorityOf = (job: number): Priority => (isBatch[job] === 1 ? 'batch' : 'interactive');
  const fleet = new Fleet({ input, events, random, now: () => now, onReady: becomeIdle, onNotice: evict });

  function demand(): number {
    const of = (priority: Priority) => (queues[priority].length + inFlight[priority]) / jobsPerPod[priority];
    return of('interactive') + of('batch');
  }

  function becomeIdle(pod: Pod): void {
    const job = queues.interactive.shift() ?? queues.batch.shift();
    if (job === undefined) {
      pod.state = 'idle';
      idle.push(pod);
    } else run(pod, job);
  }

  function run(pod: Pod, job: number): void {
    pod.state = 'busy';
    pod.job = job;
    pod.run += 1;
    inFlight[priorityOf(job)] += 1;
    if (Number.isNaN(firstStart[job])) firstStart[job] = now;
    if (pod.machine !== undefined) fleet.ledger.change(pod.machine.account, now, 'busy');
    const { run: ownRun } = pod;
    events.at(now + (service[job] ?? input.serviceSeconds), () => {
      if (pod.run === ownRun && pod.job === job) finish(pod, job);
    });
  }

  function finish(pod: Pod, job: number): void {
    done += 1;
    lastDoneAt = now;
    turnaround[job] = now - (arrivals[job] ?? 0);
    inFlight[priorityOf(job)] -= 1;
    pod.job = -1;
    if (pod.machine !== undefined) fleet.ledger.change(pod.machine.account, now, 'idle');
    if (pod.state === 'leaving') return fleet.leave(pod);
    if (gapSeconds === 0) return becomeIdle(pod);
    const { run: ownRun } = pod;
    events.at(now + gapSeconds, () => {
      if (pod.state === 'busy' && pod.run === ownRun) becomeIdle(pod);
    });
  }

  /** The run is for nothing: the job goes back to its queue, behind those that wait. */
  function lose(pod: Pod): void {
    lostRuns += 1;
    inFlight[priorityOf(pod.job)] -= 1;
    queues[priorityOf(pod.job)].push(pod.job);
    pod.job = -1;
    pod.run += 1;
    if (pod.machine !== undefined) fleet.ledger.change(pod.machine.account, now, 'idle', 'lost');
    fleet.leave(pod);
    dispatch();
  }

  /** A pod is told to go: a running job has until `until`. */
  function dismiss(pod: Pod, until: number): void {
    const wasRunning = pod.state === 'busy' && pod.job >= 0;
    if (pod.state === 'idle') idle.splice(idle.indexOf(pod), 1);
    if (!wasRunning) return fleet.leave(pod);
    pod.state = 'leaving';
    const { run: ownRun } = pod;
    events.at(until, () => {
      if (pod.state === 'leaving' && pod.run === ownRun) lose(pod);
    });
  }

  function evict(pod: Pod, endsAt: number): void {
    const until = Math.max(now, endsAt - input.noticeReserveSeconds);
    const index = pods.indexOf(pod);
    // A pod that leaves already now has less time; another one takes the place of one that did not.
    if (index < 0) return void events.at(until, () => pod.state === 'leaving' && pod.job >= 0 && lose(pod));
    pods.splice(index, 1);
    dismiss(pod, until);
    resize();
  }

  /** As many pods as the autoscaler says. Those that have no engine yet go first, then the youngest. */
  function resize(): void {
    while (pods.length < autoscaler.replicas) {
      const pod: Pod = { machine: undefined, state: 'pending', job: -1, run: 0 };
      pods.push(pod);
      fleet.place(pod);
    }
    while (pods.length > autoscaler.replicas) {
      const unready = pods.findLastIndex(({ state }) => state === 'pending' || state === 'starting');
      const [pod] = pods.splice(unready >= 0 ? unready : pods.length - 1, 1);
      if (pod !== undefined) dismiss(pod, now + input.drainSeconds);
    }
  }

  function dispatch(): void {
    while (idle.length > 0 && queues.interactive.length + queues.batch.length > 0) {
      const pod = idle.pop();
      if (pod !== undefined) becomeIdle(pod);
    }
  }

  function every(seconds: number, look: () => void): void {
    const tick = () => {
      look();
      resize();
      if (done < jobs || now + seconds <= input.horizonSeconds) events.at(now + seconds, tick);
    };
    events.at(seconds, tick);
  }

  resize();
  every(scaling.pollSeconds, () => autoscaler.poll(now, demand()));
  every(SYNC_SECONDS, () => {
    autoscaler.sync(now, demand());
    fleet.launchForPending();
  });

  for (let next = 0; ;) {
    const arrivesAt = arrivals[next] ?? Number.POSITIVE_INFINITY;
    const eventAt = events.nextAt;
    if (done === jobs && Math.min(arrivesAt, eventAt) > input.horizonSeconds) break;
    if (eventAt > input.horizonSeconds * PATIENCE_HORIZONS) {
      throw new PlanError(`${jobs - done} of ${jobs} jobs are not done after ${PATIENCE_HORIZONS} times the period`);
    }
    if (arrivesAt <= eventAt) {
      now = arrivesAt;
      queues[priorityOf(next)].push(next);
      next += 1;
      dispatch();
    } else {
      now = eventAt;
      events.run();
    }
  }
  now = Math.max(input.horizonSeconds, lastDoneAt);
  fleet.close();
  return {
    jobs,
    waitSeconds: summarise(firstStart.map((start, job) => start - (arrivals[job] ?? 0))),
    turnaroundSeconds: summarise(turnaround),
    seconds: fleet.ledger.seconds,
    launches: fleet.launches,
    interruptions: fleet.interruptions,
    lostRuns,
    mostMachines: fleet.mostMachines,
    lastDoneAt,
    endsAt: now,
  };
}
