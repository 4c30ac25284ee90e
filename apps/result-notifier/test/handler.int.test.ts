import { createHash, randomBytes } from 'node:crypto';
import {
  createDynamoClient,
  createS3Client,
  createSqsClient,
  createTableInput,
  DynamoDeliveryStore,
  DynamoJobStore,
  DynamoTenantStore,
  S3OutputStore,
  SqsMessageQueue,
} from '@afterimage/job-aws';
import type { ReceivedMessage } from '@afterimage/job-core';
import type { Delivery, JobEvent, Notification } from '@afterimage/job-schemas';
import { deliveryId, webhookBodySchema } from '@afterimage/job-schemas';
import { aJobEvent, aJobRecord, anId, aTenant, deferred, waitFor } from '@afterimage/testing';
import { type EmbeddedAws, type EmbeddedQueue, startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import type { Context, SQSRecord } from 'aws-lambda';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { handler as notifierHandler } from '../src/handler.ts';
import { type Receiver, startReceiver } from './start-receiver.ts';

const TIMEOUT_MS = 300;
const NEW_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const OLD_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let aws: EmbeddedAws;
let legacyTopic: string;
let table: string;
let notifications: EmbeddedQueue;
let handler: typeof notifierHandler;
let receiver: Receiver;
let jobs: DynamoJobStore;
let deliveries: DynamoDeliveryStore;
let tenants: DynamoTenantStore;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  table = await aws.createTable(createTableInput('jobs'));
  notifications = await aws.createQueue('notifications');
  legacyTopic = await aws.createTopic('legacy-results');
  const env = {
    ...aws.env,
    JOB_TABLE: table,
    NOTIFICATIONS_QUEUE_URL: notifications.url,
    ALLOW_LOOPBACK_WEBHOOKS: 'true',
    WEBHOOK_TIMEOUT_MS: String(TIMEOUT_MS),
    OUTPUT_BUCKET: await aws.createBucket('outputs'),
    LEGACY_RESULTS_TOPIC_ARN: legacyTopic,
    JOB_EVENTS_TOPIC_ARN: await aws.createTopic('job-events'),
    API_URL: 'https://api.example.com',
    WEBHOOK_SECRET_KEYS: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'ERROR',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  ({ handler } = await import('../src/handler.ts'));
  const dynamo = createDynamoClient(aws.options.dynamodb);
  jobs = new DynamoJobStore(dynamo, table);
  deliveries = new DynamoDeliveryStore(dynamo, table);
  tenants = new DynamoTenantStore(dynamo, table);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
});

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(() => receiver.stop());

/** A job that has succeeded and wants a webhook, its tenant, and the event that tells of it. */
async function aJobThatEnded(url = receiver.url): Promise<{ event: JobEvent; id: string }> {
  const tenant = aTenant({ webhookSecrets: [NEW_SECRET, OLD_SECRET] });
  await tenants.put(tenant);
  const webhook = { url, events: ['job.succeeded' as const] };
  const { job } = await jobs.create(aJobRecord({ tenantId: tenant.tenantId, status: 'succeeded', webhook }));
  const event = aJobEvent(job);
  return { event, id: deliveryId(event.id, url) };
}

/** Calls the handler as the queue's trigger does and yields the ids of the messages that come back. */
async function invoke(...bodies: readonly (Notification | string)[]): Promise<string[]> {
  const records = bodies.map((body, index) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const attributes = { ApproximateReceiveCount: '1' };
    return { messageId: `message-${index}`, body: text, attributes, messageAttributes: {} } as SQSRecord;
  });
  const response = await handler({ Records: records }, {} as Context);
  return response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

async function receiveOne({ url }: EmbeddedQueue): Promise<ReceivedMessage | undefined> {
  const queue = new SqsMessageQueue(createSqsClient(aws.options.sqs), url);
  const signal = new AbortController().signal;
  const [message] = await waitFor(async () => {
    const messages = await queue.receive({ max: 1, waitSeconds: 1, visibilitySeconds: 30, signal });
    return messages.length > 0 && messages;
  });
  return message;
}

async function stored(id: string): Promise<Delivery | undefined> {
  return deliveries.get(id);
}

test('a job event becomes a webhook that verifies with the old and the new secret', async () => {
  const { event, id } = await aJobThatEnded();

  expect(await invoke(event)).toEqual([]);

  const [request] = receiver.requests;
  for (const secret of [NEW_SECRET, OLD_SECRET]) {
    const body = new Webhook(secret).verify(request?.body ?? '', request?.headers as Record<string, string>);
    expect(webhookBodySchema.parse(body)).toEqual({ type: event.type, timestamp: event.time, data: event.data });
  }
  expect(await stored(id)).toMatchObject({ status: 'delivered', attempt: 1, lastStatusCode: 204, lastError: null });
});

test('an event that is in the queue twice is one delivery', async () => {
  const { event, id } = await aJobThatEnded();

  await invoke(event);
  await invoke(event);

  expect(receiver.requests).toHaveLength(1);
  expect(await stored(id)).toMatchObject({ status: 'delivered', attempt: 1 });
});

test('a receiver that answers 500 is tried again by the message in the queue, under the same id', async () => {
  const { event, id } = await aJobThatEnded();
  receiver.answerWith((response) => response.writeHead(500).end());
  await invoke(event);
  expect(await stored(id)).toMatchObject({ status: 'pending', attempt: 2, lastStatusCode: 500 });

  receiver.answerWith((response) => response.writeHead(200).end());
  const message = await receiveOne(notifications);
  expect(JSON.parse(message?.body ?? '')).toEqual({ deliveryId: id, attempt: 2 });
  expect(await invoke(message?.body ?? '')).toEqual([]);

  expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([event.id, event.id]);
  expect(await stored(id)).toMatchObject({ status: 'delivered', attempt: 2, lastStatusCode: 200, dueAt: null });
});

test('a receiver that answers after the time is tried again, under the same id', async () => {
  const { event, id } = await aJobThatEnded();
  const answered = deferred();
  receiver.answerWith((response) => {
    response.on('close', () => {
      response.writeHead(200).end();
      answered.resolve();
    });
  });

  expect(await invoke(event)).toEqual([]);

  expect(await stored(id)).toMatchObject({
    status: 'pending',
    attempt: 2,
    lastStatusCode: null,
    lastError: `no complete answer within ${TIMEOUT_MS} ms`,
  });
  await answered.promise;
  receiver.answerWith((response) => response.writeHead(204).end());
  expect(await invoke({ deliveryId: id, attempt: 2 })).toEqual([]);
  expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([event.id, event.id]);
  expect(await stored(id)).toMatchObject({ status: 'delivered', attempt: 2, lastStatusCode: 204 });
});

test('a receiver that breaks off its answer is tried again, under the same id', async () => {
  const { event, id } = await aJobThatEnded();
  receiver.answerWith((response) => {
    response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy());
  });

  expect(await invoke(event)).toEqual([]);
  expect(await stored(id)).toMatchObject({ status: 'pending', attempt: 2, lastStatusCode: null });
  receiver.answerWith((response) => response.writeHead(204).end());
  expect(await invoke({ deliveryId: id, attempt: 2 })).toEqual([]);

  expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([event.id, event.id]);
  expect(await stored(id)).toMatchObject({ status: 'delivered', attempt: 2 });
});

test('a redirect is a failure and is not followed', async () => {
  const { event, id } = await aJobThatEnded();
  receiver.answerWith((response) => response.writeHead(302, { location: receiver.url }).end());

  await invoke(event);

  expect(receiver.requests).toHaveLength(1);
  expect(await stored(id)).toMatchObject({ status: 'pending', attempt: 2, lastStatusCode: 302 });
});

test('a receiver that is gone ends the delivery', async () => {
  const { event, id } = await aJobThatEnded();
  receiver.answerWith((response) => response.writeHead(410).end());

  await invoke(event);
  await invoke({ deliveryId: id, attempt: 2 });

  expect(receiver.requests).toHaveLength(1);
  expect(await stored(id)).toMatchObject({ status: 'failed', attempt: 1, lastStatusCode: 410, dueAt: null });
});

test('a URL inside the network is refused', async () => {
  const { event, id } = await aJobThatEnded('https://169.254.169.254/latest/meta-data/');

  await invoke(event);

  expect(await stored(id)).toMatchObject({ status: 'failed', attempt: 1, lastStatusCode: null, dueAt: null });
});

test('only the message that cannot be read comes back', async () => {
  const { event } = await aJobThatEnded();

  const failed = await invoke('no JSON', event, '{"deliveryId":"x"}', { deliveryId: anId('whd'), attempt: 1 });

  expect(failed).toEqual(['message-0', 'message-2']);
  expect(receiver.requests).toHaveLength(1);
});

test('a job whose results are wanted in the form of the guidance has them, and a callback', async () => {
  const results = await aws.createQueue('results');
  await aws.subscribe(legacyTopic, results.arn, { tenant: ['tenant-1'], status: ['completed'] });
  const legacy = { id: 'test-t2i', prefix: 'output', tasktype: 'text-to-image', context: '{"order":17}' } as const;
  const outputs = new S3OutputStore(createS3Client(aws.options.s3), 'outputs');
  const base = aJobRecord({ status: 'succeeded', legacy });
  const key = `outputs/tenant-1/${base.id}/1/0.png`;
  const sha256 = createHash('sha256').update('picture').digest('hex');
  await outputs.put({ key, body: Buffer.from('picture'), contentType: 'image/png', sha256 });
  const facts = { contentType: 'image/png', width: 64, height: 64, bytes: 7, seed: 42, thumbnailKey: null };
  const { job } = await jobs.create({ ...base, outputs: [{ index: 0, key, sha256, ...facts }] });

  expect(await invoke(aJobEvent(job), aJobEvent(job))).toEqual([]);

  const received = await receiveOne(results);
  const callback = JSON.parse(received?.body ?? '{}');
  expect(callback).toMatchObject({ id: 'test-t2i', result: true, status: 'completed', context: { order: 17 } });
  const options = { maxBytes: 1000, signal: AbortSignal.timeout(5000) };
  const [image = '', out = ''] = [callback.image_url[0], callback.output_url].map(String);
  expect(image).toMatch(/^s3:\/\/outputs\/outputs\/tenant-1\/legacy\/output\/test-t2i\/test-t2i-[0-9a-f]{4}-1\.png$/);
  expect(out).toBe(image.replace('-1.png', '.out'));
  expect(Buffer.from((await outputs.get(image.slice('s3://outputs/'.length), options)) ?? '').toString()).toBe(
    'picture',
  );
  expect(await jobs.get(job.id)).toMatchObject({ isAnnounced: true, dueAt: null });
});
