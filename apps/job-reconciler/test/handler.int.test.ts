import { createHash } from 'node:crypto';
import {
  createDynamoClient,
  createS3Client,
  createSqsClient,
  createTableInput,
  DynamoDeliveryStore,
  DynamoJobStore,
  S3OutputStore,
  SqsMessageQueue,
} from '@afterimage/job-aws';
import { erase, outputPrefix } from '@afterimage/job-core';
import { jobEventSchema, type JobRecord } from '@afterimage/job-schemas';
import { aDelivery, aJobMessage, aJobRecord, aRunningJob, waitFor } from '@afterimage/testing';
import { type EmbeddedAws, type EmbeddedQueue, startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import type { Context } from 'aws-lambda';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { handler as reconcilerHandler } from '../src/handler.ts';

let aws: EmbeddedAws;
let handler: typeof reconcilerHandler;
let jobs: DynamoJobStore;
let deliveries: DynamoDeliveryStore;
let requests: EmbeddedQueue;
let notifications: EmbeddedQueue;
let deadLetters: EmbeddedQueue;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  const table = await aws.createTable(createTableInput('jobs'));
  [requests, notifications, deadLetters] = await Promise.all([
    aws.createQueue('local-interactive'),
    aws.createQueue('notifications'),
    aws.createQueue('local-interactive-dlq'),
  ]);
  const jobRequests = await aws.createTopic('job-requests');
  const jobEvents = await aws.createTopic('job-events');
  await aws.subscribe(jobRequests, requests.arn, { pool: ['local'], priority: ['interactive'] });
  await aws.subscribe(jobEvents, notifications.arn);
  const env = {
    ...aws.env,
    JOB_TABLE: table,
    JOB_REQUESTS_TOPIC_ARN: jobRequests,
    JOB_EVENTS_TOPIC_ARN: jobEvents,
    OUTPUT_BUCKET: await aws.createBucket('outputs'),
    NOTIFICATIONS_QUEUE_URL: notifications.url,
    DEAD_LETTER_QUEUE_URLS: deadLetters.url,
    API_URL: 'https://api.example.com/',
    LOG_LEVEL: 'ERROR',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  ({ handler } = await import('../src/handler.ts'));
  const dynamo = createDynamoClient(aws.options.dynamodb);
  jobs = new DynamoJobStore(dynamo, table);
  deliveries = new DynamoDeliveryStore(dynamo, table);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
});

async function stored(job: JobRecord): Promise<JobRecord> {
  await jobs.create(job);
  return job;
}

const invoke = () => handler({}, { getRemainingTimeInMillis: () => 60_000 } as Context);

/** Takes the next message out of a queue. */
async function nextMessage({ url }: EmbeddedQueue): Promise<unknown> {
  const queue = new SqsMessageQueue(createSqsClient(aws.options.sqs), url);
  const { signal } = new AbortController();
  const [message] = await waitFor(async () => {
    const messages = await queue.receive({ max: 1, waitSeconds: 1, visibilitySeconds: 60, signal });
    return messages.length > 0 && messages;
  });
  await queue.delete(message?.receiptHandle ?? '');
  return JSON.parse(message?.body ?? '');
}

/** A start deadline in the future, for a job that was created in the past. */
const startable = { startDeadlineAt: new Date(Date.now() + 3_600_000).toISOString() };

test('a job whose creator crashed before the publication reaches its queue, once', async () => {
  const job = await stored(aJobRecord(startable));

  expect(await invoke()).toEqual({ steps: { enqueue: 1 }, failures: 0 });
  expect(await invoke()).toEqual({ steps: {}, failures: 0 });

  expect(await nextMessage(requests)).toEqual(aJobMessage(job));
  expect(await jobs.get(job.id)).toMatchObject({ status: 'queued', isPublished: true, dueAt: job.startDeadlineAt });
});

test('a job whose lease has lapsed is in the queue again with the next attempt', async () => {
  const job = await stored(aRunningJob());

  expect(await invoke()).toEqual({ steps: { loseWorker: 1 }, failures: 0 });

  expect(await nextMessage(requests)).toEqual({ ...aJobMessage(job), attempt: 2 });
  expect(await jobs.get(job.id)).toMatchObject({
    status: 'queued',
    attempt: 2,
    isPublished: true,
    attempts: [{ number: 1, outcome: 'lost', reason: 'lease_lapsed' }],
  });
});

test('a job that nobody started in time expires, and its event is out', async () => {
  const job = await stored(aJobRecord());

  expect(await invoke()).toEqual({ steps: { expire: 1 }, failures: 0 });

  expect(jobEventSchema.parse(await nextMessage(notifications))).toMatchObject({
    type: 'job.expired',
    subject: job.id,
  });
  expect(await jobs.get(job.id)).toMatchObject({ status: 'expired', isAnnounced: true, dueAt: null });
});

test('a cancellation that no worker acknowledged is forced', async () => {
  const job = await stored({ ...aRunningJob(), status: 'canceling' });

  expect(await invoke()).toEqual({ steps: { forceCancel: 1 }, failures: 0 });

  expect(jobEventSchema.parse(await nextMessage(notifications))).toMatchObject({
    type: 'job.canceled',
    subject: job.id,
  });
});

test('an end whose event was never confirmed is announced', async () => {
  const job = await stored(aJobRecord({ status: 'succeeded' }));

  expect(await invoke()).toEqual({ steps: { announce: 1 }, failures: 0 });

  expect(jobEventSchema.parse(await nextMessage(notifications))).toMatchObject({
    type: 'job.succeeded',
    subject: job.id,
  });
  expect(await jobs.get(job.id)).toMatchObject({ isAnnounced: true, dueAt: null });
});

test('an erasure that stopped half-way is finished', async () => {
  const job = await stored(aJobRecord({ status: 'succeeded', isAnnounced: true, dueAt: null }));
  const outputs = new S3OutputStore(createS3Client(aws.options.s3), 'outputs');
  const files = [1, 2].map((attempt) => `${outputPrefix(job)}${attempt}/0.png`);
  const sha256 = createHash('sha256').update('x').digest('hex');
  for (const key of files) await outputs.put({ key, body: Buffer.from('x'), contentType: 'image/png', sha256 });
  await jobs.change(job.id, erase(job, new Date(0)));

  expect(await invoke()).toEqual({ steps: { eraseFiles: 1 }, failures: 0 });
  expect(await invoke()).toEqual({ steps: {}, failures: 0 });

  expect(await Promise.all(files.map((key) => outputs.exists(key)))).toEqual([false, false]);
});

test('a webhook delivery that is due is in the queue of the notifier', async () => {
  const delivery = await deliveries.create(aDelivery({ attempt: 5 }));

  expect(await invoke()).toEqual({ steps: { enqueueDelivery: 1 }, failures: 0 });
  expect(await invoke()).toEqual({ steps: {}, failures: 0 });

  expect(await nextMessage(notifications)).toEqual({ deliveryId: delivery.id, attempt: 5 });
});

test('a dead letter fails its job and stays where operators find it', async () => {
  const job = await stored(aJobRecord({ ...startable, dueAt: startable.startDeadlineAt }));
  const body = JSON.stringify(aJobMessage(job));
  await aws.clients.sqs.send(new SendMessageCommand({ QueueUrl: deadLetters.url, MessageBody: body }));

  expect(await invoke()).toEqual({ steps: { failDeadLetter: 1 }, failures: 0 });

  expect(await jobs.get(job.id)).toMatchObject({ status: 'failed', isAnnounced: true, error: { stage: 'queue' } });
  expect(jobEventSchema.parse(await nextMessage(notifications))).toMatchObject({ type: 'job.failed', subject: job.id });
  expect(
    await aws.clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl: deadLetters.url, AttributeNames: ['All'] })),
  ).toMatchObject({ Attributes: { ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesNotVisible: '0' } });
});
