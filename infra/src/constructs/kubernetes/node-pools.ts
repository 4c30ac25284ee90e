import type { INodePool } from '@kubernetes-models/karpenter/karpenter.sh/v1/NodePool';
import type { DeployedPool } from './deployed-pool.ts';
import { GPU, POOL_LABEL, poolObjectName } from './pool-names.ts';
import { podGraceSeconds } from './worker-deployment.ts';

const CAPACITY_TYPE = { spot: 'spot', onDemand: 'on-demand' } as const;
type Capacity = keyof typeof CAPACITY_TYPE;

/** A machine without work is kept this long for the next burst. */
const EMPTY_SECONDS = 120;
/** Machines are replaced at this age, so that none runs an old system for months. */
const EXPIRE = '336h';
/** Time that a node is given beyond that of its pods. */
const NODE_MARGIN_SECONDS = 600;

function requirements({ deployment }: DeployedPool, capacity: Capacity) {
  const { instances, gpusPerPod, imageCache } = deployment;
  const within = (key: string, values: readonly string[]) => ({ key, operator: 'In' as const, values: [...values] });
  const above = (key: string, value: number) => ({ key, operator: 'Gt' as const, values: [String(value)] });
  return [
    within('karpenter.sh/capacity-type', [CAPACITY_TYPE[capacity]]),
    within('kubernetes.io/os', ['linux']),
    within('kubernetes.io/arch', [instances.architecture]),
    within('karpenter.k8s.aws/instance-family', instances.families),
    within('karpenter.k8s.aws/instance-size', instances.sizes),
    ...(gpusPerPod === 0 ? [] : [above('karpenter.k8s.aws/instance-gpu-count', gpusPerPod - 1)]),
    ...(imageCache.type === 'soci' ? [above('karpenter.k8s.aws/instance-local-nvme', 0)] : []),
  ];
}

/** `xlarge` has 4 CPUs, `2xlarge` 8, and so on. */
function cpusOf(size: string): number {
  return 4 * Number(/^\d+/.exec(size)?.[0] ?? 1);
}

/** What all pods that fit in may use: GPUs, or CPUs where there are none. */
function limits({ deployment }: DeployedPool, pods: number): Record<string, string> {
  const { gpusPerPod, worker, engineServer, instances } = deployment;
  if (gpusPerPod > 0) return { [GPU]: String(pods * gpusPerPod) };
  // A machine has more CPUs than its pods ask for: twice as many leave room for that, and never less than one machine.
  const asked = Math.ceil(2 * pods * (worker.cpu + (engineServer?.cpu ?? 0)));
  return { cpu: String(Math.max(asked, ...instances.sizes.map(cpusOf))) };
}

function nodePool(pool: DeployedPool, capacity: Capacity): INodePool | undefined {
  const share = pool.deployment[capacity];
  if (share === undefined) return undefined;
  const taint = { key: POOL_LABEL, value: pool.name, effect: 'NoSchedule' as const };
  const gpuTaint = { key: GPU, value: 'true', effect: 'NoSchedule' as const };
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name: `${poolObjectName(pool.name)}-${CAPACITY_TYPE[capacity]}` },
    spec: {
      weight: share.weight,
      limits: limits(pool, share.maxPods),
      disruption: {
        // A node with a worker is never emptied to save money: moving a worker costs a load of its models.
        consolidationPolicy: 'WhenEmpty',
        consolidateAfter: `${EMPTY_SECONDS}s`,
        budgets: [
          { nodes: '100%', reasons: ['Empty'] },
          { nodes: '1', reasons: ['Drifted', 'Underutilized'] },
        ],
      },
      template: {
        metadata: { labels: { [POOL_LABEL]: pool.name } },
        spec: {
          nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: poolObjectName(pool.name) },
          requirements: requirements(pool, capacity),
          taints: pool.deployment.gpusPerPod === 0 ? [taint] : [taint, gpuTaint],
          expireAfter: EXPIRE,
          // Longer than the grace of a pod, which would be killed at once otherwise.
          terminationGracePeriod: `${podGraceSeconds(pool) + NODE_MARGIN_SECONDS}s`,
        },
      },
    },
  };
}

/** One pool of nodes for Spot and one for On-Demand, each with its own limit; the one with the higher weight is tried first. */
export function nodePools(pool: DeployedPool): INodePool[] {
  return [nodePool(pool, 'spot'), nodePool(pool, 'onDemand')].filter((each) => each !== undefined);
}
