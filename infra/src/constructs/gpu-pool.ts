import { Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { clusterName, type StageContext } from '../stage-context.ts';
import type { ClusterResources } from '../stacks/cluster-stack.ts';
import type { DataResources } from '../stacks/data-stack.ts';
import { PodRole } from './cluster/pod-role.ts';
import type { DeployedPool } from './kubernetes/deployed-pool.ts';
import { engineImageUri } from './kubernetes/engine-image.ts';
import { kubernetesObject } from './kubernetes/manifests.ts';
import { modelVolume } from './kubernetes/model-volume.ts';
import { networkPolicy } from './kubernetes/network-policy.ts';
import { nodeClass } from './kubernetes/node-class.ts';
import { nodePools } from './kubernetes/node-pools.ts';
import { poolObjectName, POOLS_NAMESPACE } from './kubernetes/pool-names.ts';
import { scaledObject } from './kubernetes/scaled-object.ts';
import { disruptionBudget, WORKER_USER, workerDeployment } from './kubernetes/worker-deployment.ts';
import type { PoolQueues } from './messaging.ts';
import { grantWorker } from './worker-access.ts';

export interface GpuPoolProps extends StageContext {
  readonly pool: DeployedPool;
  readonly data: DataResources;
  readonly cluster: ClusterResources;
  readonly workerImage: string;
  /** Base URL of the public API. */
  readonly apiUrl: string;
}

/** A pool: its machines, its pods, how many there are, and what they may do. */
export class GpuPool extends Construct {
  readonly #props: GpuPoolProps;
  readonly #queues: PoolQueues;

  constructor(scope: Construct, id: string, props: GpuPoolProps) {
    super(scope, id);
    const { pool, data, config } = props;
    this.#props = props;
    const queues = data.poolQueues.get(pool.name);
    if (queues === undefined) throw new Error(`the pool "${pool.name}" has no queues`);
    this.#queues = queues;

    const { cluster } = props.cluster;
    const identity = new PodRole(this, 'Identity', {
      cluster,
      clusterName: clusterName(config),
      namespace: POOLS_NAMESPACE,
      serviceAccount: poolObjectName(pool.name),
      description: `Workers of the pool ${pool.name} of ${clusterName(config)}`,
    });
    grantWorker(identity.role, data, queues);
    const scaling = this.#allowScaler(props.cluster.scalerRole);
    const machines = this.#machines();
    const deployment = kubernetesObject(this, 'Workers', cluster, this.#workers());
    deployment.node.addDependency(identity, ...machines, ...this.#models());
    kubernetesObject(this, 'DisruptionBudget', cluster, disruptionBudget(pool.name));
    const network = kubernetesObject(this, 'Network', cluster, networkPolicy(pool.name, config.network.cidr));
    deployment.node.addDependency(network);
    kubernetesObject(this, 'Scaling', cluster, this.#scaling()).node.addDependency(deployment, scaling);
  }

  #allowScaler(scalerRole: IRole): Policy {
    const resources = Object.values(this.#queues).map(({ queue }) => queue.queueArn);
    return new Policy(this, 'QueueLengths', {
      roles: [scalerRole],
      statements: [new PolicyStatement({ actions: ['sqs:GetQueueAttributes'], resources })],
    });
  }

  #machines() {
    const { pool, config, cluster } = this.#props;
    const machineClass = nodeClass(pool, {
      clusterName: clusterName(config),
      nodeRoleName: cluster.nodeRole.roleName,
      securityGroupId: cluster.cluster.clusterSecurityGroupId,
      stage: config.stage,
    });
    const classObject = kubernetesObject(this, 'NodeClass', cluster.cluster, machineClass);
    return nodePools(pool).map((nodePool) => {
      const [capacity = ''] = nodePool.spec.template.spec.requirements[0]?.values ?? [];
      const object = kubernetesObject(this, `NodePool-${capacity}`, cluster.cluster, nodePool);
      object.node.addDependency(classObject);
      return object;
    });
  }

  #models() {
    const { pool, config, data, cluster } = this.#props;
    const { modelSource, engineServer } = pool.deployment;
    if (modelSource === undefined) return [];
    const [volume, claim] = modelVolume({
      pool: pool.name,
      source: modelSource,
      region: config.region,
      bucketName: data.buckets.models.bucketName,
      fileSystemId: data.modelFileSystem.fileSystemId,
      user: engineServer?.user ?? WORKER_USER,
    });
    const volumeObject = kubernetesObject(this, 'Models', cluster.cluster, volume);
    const claimObject = kubernetesObject(this, 'ModelsClaim', cluster.cluster, claim);
    claimObject.node.addDependency(volumeObject);
    return [claimObject];
  }

  #workers() {
    const { pool, config, data, workerImage, apiUrl } = this.#props;
    const { engineServer } = pool.deployment;
    const { account, urlSuffix } = Stack.of(this);
    const registry = `${account}.dkr.ecr.${config.region}.${urlSuffix}`;
    return workerDeployment({
      pool,
      region: config.region,
      workerImage,
      engineImage: engineServer === undefined ? undefined : engineImageUri(engineServer.image, registry),
      resources: {
        JOB_TABLE: data.jobTable.tableName,
        OUTPUT_BUCKET: data.buckets.outputs.bucketName,
        INPUT_BUCKET: data.buckets.inputs.bucketName,
        JOB_REQUESTS_TOPIC_ARN: data.topics.jobRequests.topicArn,
        JOB_EVENTS_TOPIC_ARN: data.topics.jobEvents.topicArn,
        API_URL: apiUrl,
        INTERACTIVE_QUEUE_URL: this.#queues.interactive.queue.queueUrl,
        BATCH_QUEUE_URL: this.#queues.batch.queue.queueUrl,
      },
    });
  }

  #scaling() {
    const { interactive, batch } = this.#queues;
    const { pool, config } = this.#props;
    const queueUrls = { interactive: interactive.queue.queueUrl, batch: batch.queue.queueUrl };
    return scaledObject({ pool, region: config.region, queueUrls });
  }
}
