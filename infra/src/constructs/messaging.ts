import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { SubscriptionFilter, Topic, TracingConfig } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { prioritySchema } from '@afterimage/job-schemas';
import { dataRemoval, resourceName, type StageContext } from '../stage-context.ts';
import { deadLetterQueue, QueueWithDeadLetters } from './queue-with-dead-letters.ts';

export type Priority = (typeof prioritySchema.options)[number];
/** The queues of one pool. */
export type PoolQueues = Readonly<Record<Priority, QueueWithDeadLetters>>;

/** Seconds that the notifier may work on one message. */
export const NOTIFIER_TIMEOUT_SECONDS = 60;

/** A worker asks for its own visibility with each receive, and extends it while the job runs. */
const JOB_VISIBILITY = Duration.seconds(60);
/** A message given back by a draining worker has been received as well: more than a job has attempts. */
const JOB_RECEIVES = 20;

/** Six times the notifier's timeout, as Lambda asks of a queue that invokes it. */
const NOTIFICATION_VISIBILITY = Duration.seconds(6 * NOTIFIER_TIMEOUT_SECONDS);
const NOTIFICATION_RECEIVES = 5;

/** Topics, and the queues that are subscribed to them. */
export class Messaging extends Construct {
  readonly jobRequests: Topic;
  readonly jobEvents: Topic;
  readonly legacyResults: Topic;
  readonly notifications: QueueWithDeadLetters;
  /** By the pool's name. */
  readonly poolQueues: ReadonlyMap<string, PoolQueues>;
  /** What SNS could not bring to a queue, for each topic with queues. */
  readonly undelivered: { readonly jobRequests: Queue; readonly jobEvents: Queue };
  readonly #context: StageContext;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    this.#context = context;
    const { config, pools } = context;
    // Of the topics alone: a key of topic and queue together would be a circle. SQS encrypts the queues by itself.
    const key = new Key(this, 'TopicKey', {
      description: `Topics of Afterimage ${config.stage}`,
      enableKeyRotation: true,
      removalPolicy: dataRemoval(config),
    });
    const topic = (name: string) =>
      new Topic(this, name, {
        topicName: resourceName(config, name),
        masterKey: key,
        enforceSSL: true,
        tracingConfig: TracingConfig.ACTIVE,
      });
    this.jobRequests = topic('job-requests');
    this.jobEvents = topic('job-events');
    this.legacyResults = topic('legacy-results');
    this.undelivered = {
      jobRequests: this.#undelivered('job-requests'),
      jobEvents: this.#undelivered('job-events'),
    };

    this.notifications = new QueueWithDeadLetters(this, 'notifications', {
      queueName: resourceName(config, 'notifications'),
      visibilityTimeout: NOTIFICATION_VISIBILITY,
      maxReceiveCount: NOTIFICATION_RECEIVES,
    });
    this.jobEvents.addSubscription(
      new SqsSubscription(this.notifications.queue, {
        rawMessageDelivery: true,
        deadLetterQueue: this.undelivered.jobEvents,
      }),
    );
    this.poolQueues = new Map(pools.pools.map(({ name }) => [name, this.#poolQueues(name)]));
  }

  #undelivered(topic: string): Queue {
    return deadLetterQueue(this, `${topic}-undelivered`, resourceName(this.#context.config, `${topic}-undelivered`));
  }

  #poolQueues(pool: string): PoolQueues {
    const queue = (priority: Priority) => {
      const queues = new QueueWithDeadLetters(this, `${pool}-${priority}`, {
        queueName: resourceName(this.#context.config, `${pool}-${priority}`),
        visibilityTimeout: JOB_VISIBILITY,
        maxReceiveCount: JOB_RECEIVES,
      });
      this.jobRequests.addSubscription(
        new SqsSubscription(queues.queue, {
          rawMessageDelivery: true,
          deadLetterQueue: this.undelivered.jobRequests,
          filterPolicy: {
            pool: SubscriptionFilter.stringFilter({ allowlist: [pool] }),
            priority: SubscriptionFilter.stringFilter({ allowlist: [priority] }),
          },
        }),
      );
      return queues;
    };
    return { interactive: queue('interactive'), batch: queue('batch') };
  }
}
