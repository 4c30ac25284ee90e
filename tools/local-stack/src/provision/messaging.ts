import {
  CreateTopicCommand,
  InvalidParameterException,
  ListSubscriptionsByTopicCommand,
  SubscribeCommand,
  UnsubscribeCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ACCOUNT_ID, REGION } from '../lambda/definition.ts';

export interface Queue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
}

export interface QueueWithDeadLetters extends Queue {
  readonly deadLetters: Queue;
}

/** Receives of a message before it goes to the dead-letter queue. */
export const MAX_RECEIVE_COUNT = 5;

async function ensureQueue(
  sqs: SQSClient,
  endpoint: string,
  name: string,
  attributes: Readonly<Record<string, string>>,
): Promise<Queue> {
  // Two calls, because a queue that is there with other attributes refuses to be created.
  await sqs.send(new CreateQueueCommand({ QueueName: name }));
  // Of the emulator's own: its queue URLs name a host that does not resolve, and the port of an earlier start.
  const url = `${endpoint}/${ACCOUNT_ID}/${name}`;
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { ...attributes } }));
  return { name, url, arn: `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}` };
}

/** A queue and the queue for its poison messages, `<name>-dlq`. */
export async function ensureQueueWithDeadLetters(
  sqs: SQSClient,
  endpoint: string,
  name: string,
  visibilitySeconds: number,
): Promise<QueueWithDeadLetters> {
  const deadLetters = await ensureQueue(sqs, endpoint, `${name}-dlq`, { MessageRetentionPeriod: '1209600' });
  const redrive = { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: MAX_RECEIVE_COUNT };
  const queue = await ensureQueue(sqs, endpoint, name, {
    VisibilityTimeout: String(visibilitySeconds),
    RedrivePolicy: JSON.stringify(redrive),
  });
  return { ...queue, deadLetters };
}

/** The ARN of the topic, which is created unless it is there. */
export async function ensureTopic(sns: SNSClient, name: string): Promise<string> {
  await sns.send(new CreateTopicCommand({ Name: name }));
  return `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${name}`;
}

async function unsubscribe(sns: SNSClient, topicArn: string, queueArn: string): Promise<void> {
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  for (const { Endpoint, SubscriptionArn } of Subscriptions ?? []) {
    if (Endpoint === queueArn) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  }
}

/** Subscribes the queue, with raw delivery; a subscription with another filter is replaced. */
export async function ensureSubscription(
  sns: SNSClient,
  topicArn: string,
  queue: Queue,
  filter: Readonly<Record<string, readonly string[]>> | null,
): Promise<void> {
  const subscribe = new SubscribeCommand({
    TopicArn: topicArn,
    Protocol: 'sqs',
    Endpoint: queue.arn,
    Attributes: {
      RawMessageDelivery: 'true',
      ...(filter === null ? {} : { FilterPolicyScope: 'MessageAttributes', FilterPolicy: JSON.stringify(filter) }),
    },
    ReturnSubscriptionArn: true,
  });
  try {
    await sns.send(subscribe);
  } catch (error) {
    if (!(error instanceof InvalidParameterException)) throw error;
    await unsubscribe(sns, topicArn, queue.arn);
    await sns.send(subscribe);
  }
}
