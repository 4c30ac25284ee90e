import type { SimulationInput } from '../src/simulation/simulation-input.ts';
import { makeRandom } from '../src/simulation/random.ts';

const AT_ONCE = { p50: 0, p95: 0 };

/** A pool with `pods` workers from the beginning, that neither grow nor end: a plain queue with that many servers. */
export function aFixedPool(pods: number, overrides: Partial<SimulationInput> = {}): SimulationInput {
  return {
    arrivals: new Float64Array(),
    batchShare: 0,
    serviceSeconds: 1,
    service: 'constant',
    gapSeconds: 0,
    scaling: { min: pods, max: pods, pollSeconds: 10, idleSeconds: 300 },
    jobsPerPod: { interactive: 1, batch: 4 },
    capacities: [{ market: 'onDemand', maxPods: pods }],
    drainSeconds: 600,
    batchingSeconds: 0,
    nodeStart: AT_ONCE,
    imagePull: AT_ONCE,
    modelLoad: AT_ONCE,
    emptySeconds: 120,
    spotUnavailableShare: 0,
    interruptionsPerHour: 0,
    noticeSeconds: 120,
    noticeReserveSeconds: 15,
    horizonSeconds: 3600,
    seed: 1,
    ...overrides,
  };
}

/** A Poisson process of `perSecond` jobs. */
export function poisson(jobs: number, perSecond: number, seed = 11): Float64Array {
  const random = makeRandom(seed);
  let now = 1;
  return new Float64Array(jobs).map(() => (now += random.exponential(1 / perSecond)));
}
