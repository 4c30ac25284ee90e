import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { IVolume } from 'kubernetes-models/v1/Volume';
import type { DeployedPool } from './deployed-pool.ts';
import { ENGINE_CONTAINER, engineContainer, scratchVolumes } from './engine-container.ts';
import { hardenedPod } from './hardening.ts';
import {
  GPU,
  modelVolumeName,
  POOL_LABEL,
  poolLabels,
  poolObjectName,
  POOLS_NAMESPACE,
  WORKER_PRIORITY_CLASS,
} from './pool-names.ts';
import { LEASE_SECONDS, workerContainer, type WorkerContainerProps } from './worker-container.ts';

export interface WorkerDeploymentProps extends Omit<WorkerContainerProps, 'modelsVolume' | 'image'> {
  readonly workerImage: string;
  /** Of an engine that has its own server. */
  readonly engineImage: string | undefined;
}

/** Of the image of the worker. */
export const WORKER_USER = 65_532;
/** For the engine to end after the worker has. */
const ENGINE_END_SECONDS = 30;
const MODELS_VOLUME = 'models';

/** Time that a pod has from SIGTERM to its end: to finish its job, to give it back if it cannot, and to stop the engine. */
export function podGraceSeconds({ deployment }: DeployedPool): number {
  return deployment.drainSeconds + LEASE_SECONDS + ENGINE_END_SECONDS;
}

function tolerations({ name, deployment }: DeployedPool) {
  const pool = { key: POOL_LABEL, operator: 'Equal' as const, value: name, effect: 'NoSchedule' as const };
  const gpu = { key: GPU, operator: 'Exists' as const, effect: 'NoSchedule' as const };
  return deployment.gpusPerPod === 0 ? [pool] : [pool, gpu];
}

/** The pods of a pool: a worker, and beside it the engine when that is a server of its own. KEDA sets their number. */
export function workerDeployment(props: WorkerDeploymentProps): IDeployment {
  const { pool, workerImage, engineImage } = props;
  const { deployment, name } = pool;
  const server = deployment.engineServer;
  const hasModels = deployment.modelSource !== undefined;
  const models: IVolume[] = hasModels
    ? [{ name: MODELS_VOLUME, persistentVolumeClaim: { claimName: modelVolumeName(name), readOnly: true } }]
    : [];
  const engine =
    server === undefined || engineImage === undefined
      ? []
      : [engineContainer({ server, image: engineImage, gpus: deployment.gpusPerPod, modelsVolume: MODELS_VOLUME })];
  const labels = poolLabels(name);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: poolObjectName(name), namespace: POOLS_NAMESPACE, labels },
    spec: {
      selector: { matchLabels: labels },
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: deployment.startSeconds + 900,
      // A new pod may have to wait for the GPU of an old one.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' } },
      template: {
        metadata: {
          labels,
          annotations: {
            // While a pod loads its models. For ever would keep Karpenter from telling it of a Spot interruption.
            'karpenter.sh/do-not-disrupt': `${deployment.startSeconds}s`,
            // The engine, with whatever extensions it has, gets none of the worker's credentials.
            ...(server === undefined ? {} : { 'eks.amazonaws.com/skip-containers': ENGINE_CONTAINER }),
          },
        },
        spec: {
          ...hardenedPod(WORKER_USER),
          serviceAccountName: poolObjectName(name),
          priorityClassName: WORKER_PRIORITY_CLASS,
          terminationGracePeriodSeconds: podGraceSeconds(pool),
          nodeSelector: { [POOL_LABEL]: name },
          tolerations: tolerations(pool),
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'topology.kubernetes.io/zone',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: labels },
            },
          ],
          // Names of AWS have more dots than this, so they are looked up once and not once for each search domain.
          dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
          initContainers: engine,
          containers: [
            workerContainer({ ...props, image: workerImage, modelsVolume: hasModels ? MODELS_VOLUME : undefined }),
          ],
          volumes: [...models, ...(server === undefined ? [] : scratchVolumes(server))],
        },
      },
    },
  };
}

/** Nodes are not drained all at once. Spot machines are drained in the same way, and those cannot wait: half may go. */
export function disruptionBudget(pool: string): IPodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: poolObjectName(pool), namespace: POOLS_NAMESPACE },
    spec: {
      maxUnavailable: '50%',
      selector: { matchLabels: poolLabels(pool) },
      // One that is not ready has nothing to lose.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  };
}
