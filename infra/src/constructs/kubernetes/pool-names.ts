/** Namespace of the workers of every pool. */
export const POOLS_NAMESPACE = 'afterimage';
export const WORKER_PRIORITY_CLASS = 'afterimage-worker';
/** By which KEDA looks at the queues. */
export const TRIGGER_AUTHENTICATION = 'queues';

/** Label of nodes and pods, and taint of nodes: a pool's machines are for its own pods alone. */
export const POOL_LABEL = 'afterimage/pool';
export const GPU = 'nvidia.com/gpu';

/** Health server of the worker. */
export const WORKER_HEALTH_PORT = 8081;
/** Where embedded engines find their models. */
export const WORKER_MODELS_PATH = '/models';

export function poolLabels(pool: string): Record<string, string> {
  return { 'app.kubernetes.io/name': 'gpu-worker', 'app.kubernetes.io/part-of': 'afterimage', [POOL_LABEL]: pool };
}

/** Name of whatever there is one of for each pool. Karpenter's objects are not in a namespace, so it says whose they are. */
export function poolObjectName(pool: string): string {
  return `worker-${pool}`;
}

/** Volume that a pod has its models from; name of the claim too. */
export function modelVolumeName(pool: string): string {
  return `models-${pool}`;
}
