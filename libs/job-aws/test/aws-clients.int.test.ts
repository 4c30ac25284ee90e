import { createHash } from 'node:crypto';
import { aJobRecord } from '@afterimage/testing';
import { startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createDynamoClient,
  createS3Client,
  createSnsClient,
  createSqsClient,
  createTableInput,
  DynamoJobStore,
  S3OutputStore,
  SnsJobPublisher,
  SqsDeliveryQueue,
  SqsMessageQueue,
} from '../src/index.ts';

const aws = await startEmbeddedAws();
const delivery = { deliveryId: 'whd_0123456789ABCDEFGHJKMNPQRS', attempt: 1 };

describe('clients that are made from the environment', () => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await aws.stop();
  });

  it('reach DynamoDB', async () => {
    const table = await aws.createTable(createTableInput(uniqueName('jobs')));
    const store = new DynamoJobStore(createDynamoClient(), table);
    const job = aJobRecord();

    expect(await store.create(job)).toStrictEqual({ created: true, job });
  });

  it('reach SQS, though the host of the queue URL does not resolve', async () => {
    const { url } = await aws.createQueue(uniqueName('queue'));
    const options = { max: 1, waitSeconds: 5, visibilitySeconds: 30, signal: new AbortController().signal };
    await new SqsDeliveryQueue(createSqsClient(), url).send(delivery, 0);

    const messages = await new SqsMessageQueue(createSqsClient(), url).receive(options);

    expect(new URL(url).hostname).toBe('sqs.us-east-1.localhost');
    expect(messages.map(({ body }) => JSON.parse(body))).toStrictEqual([delivery]);
  });

  it('reach SNS', async () => {
    const topicArn = await aws.createTopic(uniqueName('topic'));
    const { id: jobId, tenantId, pool } = aJobRecord();
    const publisher = new SnsJobPublisher(createSnsClient(), topicArn);

    await expect(
      publisher.publish({ jobId, tenantId, pool, priority: 'batch', attempt: 1 }, null),
    ).resolves.toBeUndefined();
  });

  it('reach S3, and sign URLs that anybody can follow', async () => {
    const store = new S3OutputStore(createS3Client(), await aws.createBucket(uniqueName('outputs')));
    const body = new TextEncoder().encode('not really an image');
    const sha256 = createHash('sha256').update(body).digest('hex');
    await store.put({ key: 'a/b c.png', body, contentType: 'image/png', sha256 });

    const { url } = await store.signUrl('a/b c.png', { expiresInSeconds: 60 });
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });

    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(await response.text()).toBe('not really an image');
    expect(response.headers.get('x-amz-meta-sha256')).toBe(sha256);
  });
});
