import { batchEventSchema, deliveryMessageSchema, jobEventSchema, jobMessageSchema } from '@afterimage/job-schemas';
import {
  describeDeliveryQueueContract,
  describeEventPublisherContract,
  describeJobPublisherContract,
  describeMessageQueueContract,
} from '@afterimage/testing/contracts';
import { contractEndpoints, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import type { ReceivedMessage } from '@afterimage/job-core';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  BatchingMessageQueue,
  createSnsClient,
  createSqsClient,
  SnsEventPublisher,
  SnsJobPublisher,
  SqsDeliveryQueue,
  SqsMessageQueue,
  stringAttributes,
} from '../src/index.ts';

const aws = await startEmbeddedAws(contractEndpoints(process.env));
const sqs = createSqsClient(aws.options.sqs);
const sns = createSnsClient(aws.options.sns);

afterAll(async () => {
  sqs.destroy();
  sns.destroy();
  await aws.stop();
});

/** Every message that a queue has held so far. */
function drain(queueUrl: string): () => Promise<readonly ReceivedMessage[]> {
  const queue = new SqsMessageQueue(sqs, queueUrl);
  const seen: ReceivedMessage[] = [];
  return async () => {
    const signal = new AbortController().signal;
    seen.push(...(await queue.receive({ max: 10, waitSeconds: 0, visibilitySeconds: 600, signal })));
    return seen;
  };
}

async function subscribedTopic() {
  const topicArn = await aws.createTopic(uniqueName('topic'));
  const queue = await aws.createQueue(uniqueName('queue'));
  await aws.subscribe(topicArn, queue.arn);
  return { topicArn, arrived: drain(queue.url) };
}

/** Waits for nothing, so that each call goes out with what came in the same turn. */
const BATCHING = { deleteLingerMs: 1, visibilityLingerMs: 1, wait: async () => {} };

describe.each([
  ['SqsMessageQueue', (url: string) => new SqsMessageQueue(sqs, url)],
  ['BatchingMessageQueue', (url: string) => new BatchingMessageQueue(sqs, url, BATCHING)],
])('on SQS', (name, make) => {
  describeMessageQueueContract(name, async () => {
    const { url } = await aws.createQueue(uniqueName('queue'));
    return {
      queue: make(url),
      async send(body, traceparent) {
        const MessageAttributes = stringAttributes({ traceparent });
        await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageAttributes }));
      },
      // Time passes by itself while a long poll waits.
      pass: () => {},
    };
  });
});

describe('a batching queue', () => {
  it('deletes and hides what it can of a batch, whatever the rest of it is', async () => {
    const { url } = await aws.createQueue(uniqueName('queue'));
    const queue = new BatchingMessageQueue(sqs, url, BATCHING);
    for (const MessageBody of ['a', 'b', 'c']) await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
    const { signal } = new AbortController();
    const messages = await queue.receive({ max: 10, waitSeconds: 0, visibilitySeconds: 60, signal });
    const [first = '', second = '', third = ''] = messages.map(({ receiptHandle }) => receiptHandle);

    const isHidden = [queue.changeVisibility('no handle', 60), queue.changeVisibility(first, 60)];
    const isGone = [queue.delete('no handle'), queue.delete(second), queue.delete(third)];

    expect(await Promise.all(isHidden)).toEqual([false, true]);
    await Promise.all(isGone);
    expect(await queue.changeVisibility(first, 0)).toBe(true);
    const left = await queue.receive({ max: 10, waitSeconds: 0, visibilitySeconds: 60, signal });
    expect(left.map(({ messageId }) => messageId)).toEqual([
      messages.find(({ receiptHandle }) => receiptHandle === first)?.messageId,
    ]);
    await queue.close();
  });
});

describeJobPublisherContract('SnsJobPublisher', async () => {
  const { topicArn, arrived } = await subscribedTopic();
  return {
    port: new SnsJobPublisher(sns, topicArn),
    arrived: async () =>
      (await arrived()).map(({ body, traceparent }) => ({
        message: jobMessageSchema.parse(JSON.parse(body)),
        traceparent,
      })),
  };
});

const eventSchema = z.union([jobEventSchema, batchEventSchema]);

describeEventPublisherContract('SnsEventPublisher', async () => {
  const { topicArn, arrived } = await subscribedTopic();
  return {
    port: new SnsEventPublisher(sns, topicArn),
    arrived: async () => (await arrived()).map(({ body }) => eventSchema.parse(JSON.parse(body))),
  };
});

describeDeliveryQueueContract('SqsDeliveryQueue', async () => {
  const { url } = await aws.createQueue(uniqueName('queue'));
  const arrived = drain(url);
  return {
    port: new SqsDeliveryQueue(sqs, url),
    arrived: async () => (await arrived()).map(({ body }) => deliveryMessageSchema.parse(JSON.parse(body))),
  };
});
