import type { IScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import type { ITriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication';
import type { Priority } from '../messaging.ts';
import type { DeployedPool } from './deployed-pool.ts';
import { poolObjectName, POOLS_NAMESPACE, TRIGGER_AUTHENTICATION } from './pool-names.ts';

export interface ScaledObjectProps {
  readonly pool: DeployedPool;
  readonly region: string;
  readonly queueUrls: Readonly<Record<Priority, string>>;
}

/** A short lull ends no pod: its models would have to be loaded again. */
const SCALE_DOWN_SECONDS = 300;

const PRIORITIES: readonly Priority[] = ['interactive', 'batch'];

/** As many pods as the jobs of all queues ask for together, those that run included; none when there are none. */
export function scaledObject({ pool, region, queueUrls }: ScaledObjectProps): IScaledObject {
  const { name, deployment } = pool;
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: poolObjectName(name), namespace: POOLS_NAMESPACE },
    spec: {
      scaleTargetRef: { name: poolObjectName(name) },
      minReplicaCount: deployment.replicas.min,
      maxReplicaCount: deployment.replicas.max,
      pollingInterval: deployment.pollSeconds,
      cooldownPeriod: deployment.idleSeconds,
      advanced: {
        // Left to itself, the autoscaler takes the queue that asks for most, not what they ask for together.
        scalingModifiers: {
          formula: PRIORITIES.map((priority) => `${priority} / ${deployment.jobsPerPod[priority]}`).join(' + '),
          target: '1',
          activationTarget: '0',
          metricType: 'AverageValue',
        },
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleUp: {
              stabilizationWindowSeconds: 0,
              policies: [
                { type: 'Percent', value: 100, periodSeconds: 15 },
                { type: 'Pods', value: 4, periodSeconds: 15 },
              ],
            },
            scaleDown: {
              stabilizationWindowSeconds: SCALE_DOWN_SECONDS,
              policies: [
                { type: 'Percent', value: 10, periodSeconds: 60 },
                { type: 'Pods', value: 1, periodSeconds: 60 },
              ],
              selectPolicy: 'Max',
            },
          },
        },
      },
      triggers: PRIORITIES.map((priority) => ({
        type: 'aws-sqs-queue',
        name: priority,
        authenticationRef: { name: TRIGGER_AUTHENTICATION },
        // Every value is a string, and KEDA reads them nowhere else.
        metadata: {
          queueURL: queueUrls[priority],
          awsRegion: region,
          queueLength: String(deployment.jobsPerPod[priority]),
          activationQueueLength: '0',
          scaleOnInFlight: 'true',
          scaleOnDelayed: 'false',
        },
      })),
    },
  };
}

/** KEDA looks at queues with the role of its own pods. */
export function triggerAuthentication(): ITriggerAuthentication {
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'TriggerAuthentication',
    metadata: { name: TRIGGER_AUTHENTICATION, namespace: POOLS_NAMESPACE },
    spec: { podIdentity: { provider: 'aws' } },
  };
}
