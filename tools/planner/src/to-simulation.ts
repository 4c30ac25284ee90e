import type { PoolDeployment } from '@afterimage/app-config';
import type { Assumptions } from './assumptions.ts';
import type { PlanRequest } from './plan-request.ts';
import type { Capacity, SimulationInput } from './simulation/simulation-input.ts';

/** A month, as AWS counts it: 730 hours. */
export const MONTH_SECONDS = 730 * 3600;
/** Of the node pools of `infra`. */
export const EMPTY_SECONDS = 120;
const NOTICE_SECONDS = 120;
/** The worker's own margin before the end of its machine. */
const NOTICE_RESERVE_SECONDS = 15;

function capacitiesOf({ spot, onDemand }: PoolDeployment): Capacity[] {
  const both = [
    ...(spot === undefined ? [] : [{ market: 'spot' as const, ...spot }]),
    ...(onDemand === undefined ? [] : [{ market: 'onDemand' as const, ...onDemand }]),
  ];
  return both.sort((a, b) => b.weight - a.weight).map(({ market, maxPods }) => ({ market, maxPods }));
}

/** What is simulated for a pool of a deployment. */
export function simulationInput(
  deployment: PoolDeployment,
  request: PlanRequest,
  assumed: Assumptions,
  arrivals: Float64Array,
): SimulationInput {
  const { pollSeconds, idleSeconds, replicas, jobsPerPod, drainSeconds, imageCache, modelSource } = deployment;
  const isEfs = modelSource?.type === 'efs';
  return {
    arrivals,
    batchShare: assumed.batchShare,
    serviceSeconds: request.secondsPerImage * assumed.imagesPerJob,
    service: request.service,
    gapSeconds: assumed.gapSeconds,
    scaling: { ...replicas, pollSeconds, idleSeconds },
    jobsPerPod,
    capacities: capacitiesOf(deployment),
    drainSeconds,
    batchingSeconds: assumed.batchingSeconds,
    nodeStart: { p50: assumed.nodeStartP50, p95: assumed.nodeStartP95 },
    imagePull:
      imageCache.type === 'soci'
        ? { p50: assumed.sociPullP50, p95: assumed.sociPullP95 }
        : { p50: assumed.snapshotPullP50, p95: assumed.snapshotPullP95 },
    modelLoad: isEfs
      ? { p50: assumed.efsLoadP50, p95: assumed.efsLoadP95 }
      : { p50: assumed.s3LoadP50, p95: assumed.s3LoadP95 },
    emptySeconds: EMPTY_SECONDS,
    spotUnavailableShare: assumed.spotUnavailableShare,
    interruptionsPerHour: assumed.interruptionsPerHour,
    noticeSeconds: NOTICE_SECONDS,
    noticeReserveSeconds: NOTICE_RESERVE_SECONDS,
    horizonSeconds: MONTH_SECONDS,
    seed: request.seed,
  };
}
