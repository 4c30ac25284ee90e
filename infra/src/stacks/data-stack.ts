import { Stack } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { IFileSystem } from 'aws-cdk-lib/aws-efs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-xray';
import type { Construct } from 'constructs';
import { Buckets } from '../constructs/buckets.ts';
import { GeneratedSecret } from '../constructs/generated-secret.ts';
import { Repositories, type ContainerApp } from '../constructs/images.ts';
import { jobTable } from '../constructs/job-table.ts';
import { Messaging, type PoolQueues } from '../constructs/messaging.ts';
import { modelFileSystem } from '../constructs/model-file-system.ts';
import type { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters.ts';
import { resourceName, stackProps, type StageContext } from '../stage-context.ts';
import type { NetworkResources } from './network-stack.ts';

/** What the data stack offers to the others. `grant*` on these brings the permissions for indexes and keys as well. */
export interface DataResources {
  readonly jobTable: ITableV2;
  readonly buckets: {
    readonly outputs: IBucket;
    readonly inputs: IBucket;
    readonly models: IBucket;
    readonly accessLogs: IBucket;
  };
  /** For pools whose models are on EFS. */
  readonly modelFileSystem: IFileSystem;
  readonly topics: { readonly jobRequests: ITopic; readonly jobEvents: ITopic; readonly legacyResults: ITopic };
  /** The queue of the notifier. */
  readonly notifications: QueueWithDeadLetters;
  /** Queues of each pool of `pools.json`, by its name. */
  readonly poolQueues: ReadonlyMap<string, PoolQueues>;
  /** Every event of a job, for rules that are no part of this deployment; where the stage asks for it. */
  readonly eventBus: IEventBus | undefined;
  /** What SNS could not bring to a queue. */
  readonly undelivered: { readonly jobRequests: IQueue; readonly jobEvents: IQueue };
  /** Keys over the secrets of webhook endpoints: `WEBHOOK_SECRET_KEYS` of the apps. */
  readonly webhookSecretKeys: string;
  /** Of the images of the apps that run in containers. */
  readonly repositories: Readonly<Record<ContainerApp, IRepository>>;
}

/** The queues of every pool. */
export function jobQueues({ poolQueues }: Pick<DataResources, 'poolQueues'>): QueueWithDeadLetters[] {
  return [...poolQueues.values()].flatMap(({ interactive, batch }) => [interactive, batch]);
}

/** Every queue in which messages end that could not be handled, or not be brought to a queue. */
export function allDeadLetters(data: DataResources): IQueue[] {
  const queues = [...jobQueues(data), data.notifications].map(({ deadLetters }) => deadLetters);
  return [...queues, data.undelivered.jobRequests, data.undelivered.jobEvents];
}

/** Without it SNS passes no trace on to the queues. */
function letSnsTrace(stack: Stack, policyName: string): CfnResourcePolicy {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: ['xray:PutTraceSegments', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    Resource: '*',
    Condition: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      StringLike: { 'aws:SourceArn': stack.formatArn({ service: 'sns', resource: '*' }) },
    },
  };
  return new CfnResourcePolicy(stack, 'SnsTracing', {
    policyName,
    policyDocument: stack.toJsonString({ Version: '2012-10-17', Statement: [statement] }),
  });
}

export interface DataStackProps extends StageContext {
  readonly network: NetworkResources;
}

/** Everything that outlives a deployment of the apps: the table, the buckets, the file system, topics and queues. */
export class DataStack extends Stack implements DataResources {
  readonly jobTable: ITableV2;
  readonly buckets: Buckets;
  readonly modelFileSystem: IFileSystem;
  readonly topics: DataResources['topics'];
  readonly notifications: QueueWithDeadLetters;
  readonly poolQueues: ReadonlyMap<string, PoolQueues>;
  readonly undelivered: DataResources['undelivered'];
  readonly eventBus: IEventBus | undefined;
  readonly webhookSecretKeys: string;
  readonly repositories: DataResources['repositories'];

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, {
      ...stackProps(props, 'data', 'jobs table, buckets, file system, topics, queues and registries'),
      terminationProtection: !props.config.deletable,
    });
    this.jobTable = jobTable(this, 'JobTable', props);
    this.buckets = new Buckets(this, 'Buckets', props);
    this.modelFileSystem = modelFileSystem(this, 'ModelFileSystem', props.network.vpc, props);
    const { jobRequests, jobEvents, legacyResults, ...messaging } = new Messaging(this, 'Messaging', props);
    this.topics = { jobRequests, jobEvents, legacyResults };
    this.notifications = messaging.notifications;
    this.poolQueues = messaging.poolQueues;
    this.undelivered = messaging.undelivered;
    this.eventBus = props.config.notifier.eventBus
      ? new EventBus(this, 'EventBus', { eventBusName: resourceName(props.config, 'events') })
      : undefined;
    // 43 letters and digits and the sign that fills up are 32 bytes in base64.
    const key = {
      name: 'webhook-secret-key',
      description: 'Key over the secrets of webhook endpoints',
      characters: 43,
    };
    this.webhookSecretKeys = `${new GeneratedSecret(this, 'WebhookSecretKey', props, key).valueElsewhere}=`;
    this.repositories = new Repositories(this, 'Repositories', props).of;
    letSnsTrace(this, resourceName(props.config, 'sns-tracing'));
  }
}
