import { BucketAlreadyOwnedByYou, CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Pools } from '@afterimage/app-config';
import {
  createDynamoClient,
  createS3Client,
  createSnsClient,
  createSqsClient,
  DynamoKeyStore,
  DynamoTenantStore,
} from '@afterimage/job-aws';
import { prioritySchema } from '@afterimage/job-schemas';
import { clientOptions, type AwsEndpoints } from '../aws.ts';
import { ensureApiKey, ensureTenant } from './identity.ts';
import { ensureQueueWithDeadLetters, ensureSubscription, ensureTopic, type QueueWithDeadLetters } from './messaging.ts';
import { ensureTable } from './table.ts';

export const JOB_TABLE = 'jobs';
export const OUTPUT_BUCKET = 'outputs';
export const INPUT_BUCKET = 'inputs';

/** Six times the timeout of the notifier, as Lambda asks of a queue that invokes it. */
const NOTIFICATIONS_VISIBILITY_SECONDS = 180;
/** A worker asks for its own visibility with each receive. */
const JOBS_VISIBILITY_SECONDS = 60;

export interface Resources {
  readonly table: string;
  readonly bucket: string;
  readonly inputBucket: string;
  readonly topics: { readonly jobRequests: string; readonly jobEvents: string; readonly legacyResults: string };
  readonly notifications: QueueWithDeadLetters;
  /** The queue of a pool and a priority, by the name `<pool>-<priority>`. */
  readonly jobQueues: Readonly<Record<string, QueueWithDeadLetters>>;
  readonly webhookSecrets: readonly string[];
}

async function ensureBucket(s3: S3Client, bucket: string): Promise<void> {
  try {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  }
}

async function provisionMessaging(endpoints: AwsEndpoints, pools: Pools) {
  const sqs = createSqsClient(clientOptions(endpoints.sqs));
  const sns = createSnsClient(clientOptions(endpoints.sns));
  try {
    const [jobRequests, jobEvents, legacyResults] = await Promise.all([
      ensureTopic(sns, 'job-requests'),
      ensureTopic(sns, 'job-events'),
      ensureTopic(sns, 'legacy-results'),
    ]);
    const notifications = async () => {
      const seconds = NOTIFICATIONS_VISIBILITY_SECONDS;
      const queue = await ensureQueueWithDeadLetters(sqs, endpoints.sqs, 'notifications', seconds);
      await ensureSubscription(sns, jobEvents, queue, null);
      return queue;
    };
    const jobQueue = async (pool: string, priority: string) => {
      const name = `${pool}-${priority}`;
      const queue = await ensureQueueWithDeadLetters(sqs, endpoints.sqs, name, JOBS_VISIBILITY_SECONDS);
      await ensureSubscription(sns, jobRequests, queue, { pool: [pool], priority: [priority] });
      return queue;
    };
    const [notificationsQueue, ...jobQueues] = await Promise.all([
      notifications(),
      ...pools.pools.flatMap(({ name }) => prioritySchema.options.map((priority) => jobQueue(name, priority))),
    ]);
    return {
      topics: { jobRequests, jobEvents, legacyResults },
      notifications: notificationsQueue,
      jobQueues: Object.fromEntries(jobQueues.map((queue) => [queue.name, queue])),
    };
  } finally {
    sqs.destroy();
    sns.destroy();
  }
}

async function provisionTable(endpoints: AwsEndpoints, apiKey: string): Promise<readonly string[]> {
  const dynamo = createDynamoClient(clientOptions(endpoints.dynamodb));
  try {
    await ensureTable(dynamo, JOB_TABLE);
    await ensureApiKey(new DynamoKeyStore(dynamo, JOB_TABLE), apiKey);
    return await ensureTenant(new DynamoTenantStore(dynamo, JOB_TABLE));
  } finally {
    dynamo.destroy();
  }
}

async function provisionBuckets(endpoints: AwsEndpoints): Promise<void> {
  const s3 = createS3Client(clientOptions(endpoints.s3));
  try {
    await Promise.all([OUTPUT_BUCKET, INPUT_BUCKET].map((bucket) => ensureBucket(s3, bucket)));
  } finally {
    s3.destroy();
  }
}

/** Makes everything that the apps need of AWS; what is there already stays as it is. */
export async function provision(endpoints: AwsEndpoints, pools: Pools, apiKey: string): Promise<Resources> {
  const [webhookSecrets, messaging] = await Promise.all([
    provisionTable(endpoints, apiKey),
    provisionMessaging(endpoints, pools),
    provisionBuckets(endpoints),
  ]);
  return { table: JOB_TABLE, bucket: OUTPUT_BUCKET, inputBucket: INPUT_BUCKET, webhookSecrets, ...messaging };
}
