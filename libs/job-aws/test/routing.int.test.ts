import { aJobEvent, aJobMessage, aJobRecord, waitFor } from '@afterimage/testing';
import { contractEndpoints, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, it } from 'vitest';
import { createSnsClient, SnsEventPublisher, SnsJobPublisher, SnsLegacyPublisher } from '../src/index.ts';

const aws = await startEmbeddedAws(contractEndpoints(process.env));
const sns = createSnsClient(aws.options.sns);

afterAll(async () => {
  sns.destroy();
  await aws.stop();
});

async function receiveOne(queueUrl: string) {
  const receive = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    WaitTimeSeconds: 1,
    MessageAttributeNames: ['All'],
    VisibilityTimeout: 600,
  });
  const message = await waitFor(async () => (await aws.clients.sqs.send(receive)).Messages?.[0]);
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, value.StringValue]);
  return { body: message.Body ?? '', attributes: Object.fromEntries(attributes) };
}

async function isEmpty(queueUrl: string): Promise<boolean> {
  const { Messages = [] } = await aws.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
  return Messages.length === 0;
}

describe('claim checks', () => {
  it('reach the queue of their pool and priority alone', async () => {
    const topicArn = await aws.createTopic(uniqueName('job-requests'));
    const queueOf = async (pool: string, priority: string) => {
      const queue = await aws.createQueue(uniqueName(`${pool}-${priority}`));
      await aws.subscribe(topicArn, queue.arn, { pool: [pool], priority: [priority] });
      return queue.url;
    };
    const [local, localBatch, other] = await Promise.all([
      queueOf('local', 'interactive'),
      queueOf('local', 'batch'),
      queueOf('other', 'interactive'),
    ]);
    const message = aJobMessage(aJobRecord({ pool: 'local' }));

    await new SnsJobPublisher(sns, topicArn).publish(message, '00-a-b-01');

    const { body, attributes } = await receiveOne(local);
    expect(JSON.parse(body)).toStrictEqual(message);
    expect(attributes).toStrictEqual({
      pool: 'local',
      priority: 'interactive',
      tenant: 'tenant-1',
      traceparent: '00-a-b-01',
    });
    expect(await Promise.all([localBatch, other].map(isEmpty))).toStrictEqual([true, true]);
  });
});

describe('events', () => {
  it('carry what subscribers filter by, in an ASCII body', async () => {
    const topicArn = await aws.createTopic(uniqueName('job-events'));
    const queue = await aws.createQueue(uniqueName('failures'));
    await aws.subscribe(topicArn, queue.arn, { type: ['job.failed'], tenant: ['tenant-1'] });
    const events = new SnsEventPublisher(sns, topicArn);
    const failed = aJobEvent(aJobRecord({ status: 'failed', metadata: { title: 'un été 🦊' } }));

    await events.publish(aJobEvent(aJobRecord({ status: 'succeeded' })));
    await events.publish(failed);

    const { body, attributes } = await receiveOne(queue.url);
    expect(JSON.parse(body)).toStrictEqual(failed);
    expect(body).toMatch(/^[\0-\x7f]+$/);
    expect(attributes).toStrictEqual({
      type: 'job.failed',
      tenant: 'tenant-1',
      pool: 'local',
      status: 'failed',
      model: 'sketch-1',
    });
    expect(await isEmpty(queue.url)).toBe(true);
  });
});

describe('callbacks in the form of the guidance', () => {
  it('are the whole message, and carry beside it what subscribers filter by', async () => {
    const topicArn = await aws.createTopic(uniqueName('legacy-results'));
    const queue = await aws.createQueue(uniqueName('callbacks'));
    await aws.subscribe(topicArn, queue.arn, { tenant: ['tenant-1'], status: ['running'] });
    const callbacks = new SnsLegacyPublisher(sns, topicArn);
    const callback = { runtime: 'local', id: 'a-1', status: 'running', context: 'un été 🦊' } as const;
    const job = aJobRecord({ traceparent: '00-a-b-01' });

    await callbacks.publish(callback, { ...job, tenantId: 'tenant-2' });
    await callbacks.publish(callback, job);

    const { body, attributes } = await receiveOne(queue.url);
    expect(JSON.parse(body)).toStrictEqual(callback);
    expect(attributes).toStrictEqual({
      tenant: 'tenant-1',
      runtime: 'local',
      status: 'running',
      jobId: job.id,
      traceparent: '00-a-b-01',
    });
    expect(await isEmpty(queue.url)).toBe(true);
  });
});
