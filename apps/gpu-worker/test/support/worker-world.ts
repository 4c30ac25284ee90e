import { createHash } from 'node:crypto';
import {
  createDynamoClient,
  createS3Client,
  createSnsClient,
  createTableInput,
  DynamoJobStore,
  S3OutputStore,
  SnsEventPublisher,
  SnsJobPublisher,
} from '@afterimage/job-aws';
import { makeAnnounce, makeEnqueue, PUBLISH_GRACE_SECONDS } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import { aJobRecord, waitFor } from '@afterimage/testing';
import { startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Rule } from './fault-proxy.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { lapse, reconcile } from './reconcile.ts';
import type { WorkerProcess } from './worker-process.ts';
import { startWorkerProcess } from './worker-process.ts';

const POOL = 'local';

/** An embedded AWS as a pool of workers finds it, and what a test does around them. */
export async function startWorkerWorld() {
  const aws = await startEmbeddedAws();
  const table = await aws.createTable(createTableInput(uniqueName('jobs')));
  const bucket = await aws.createBucket(uniqueName('outputs'));
  const requests = await aws.createTopic(uniqueName('job-requests'));
  const eventTopic = await aws.createTopic(uniqueName('job-events'));
  const interactive = await aws.createQueue(uniqueName('interactive'));
  const batch = await aws.createQueue(uniqueName('batch'));
  const notifications = await aws.createQueue(uniqueName('notifications'));
  await aws.subscribe(requests, interactive.arn, { pool: [POOL], priority: ['interactive'] });
  await aws.subscribe(requests, batch.arn, { pool: [POOL], priority: ['batch'] });
  await aws.subscribe(eventTopic, notifications.arn);

  const jobs = new DynamoJobStore(createDynamoClient(aws.options.dynamodb), table);
  const outputs = new S3OutputStore(createS3Client(aws.options.s3), bucket);
  const sns = createSnsClient(aws.options.sns);
  const enqueue = makeEnqueue({ jobs, publisher: new SnsJobPublisher(sns, requests) });
  const events = new SnsEventPublisher(sns, eventTopic);
  const announce = makeAnnounce({ jobs, events, apiUrl: 'http://127.0.0.1:4000', now: () => new Date() });
  let rule: Rule = () => 'passed';
  const [dynamoProxy, restProxy] = await Promise.all([
    startFaultProxy(aws.endpoints.dynamodb, () => rule),
    startFaultProxy(aws.endpoints.sqs, () => rule),
  ]);
  const workers: WorkerProcess[] = [];

  const env = {
    ...aws.env,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoProxy.url,
    AWS_ENDPOINT_URL_SQS: restProxy.url,
    AWS_ENDPOINT_URL_SNS: restProxy.url,
    AWS_ENDPOINT_URL_S3: restProxy.url,
    JOB_TABLE: table,
    OUTPUT_BUCKET: bucket,
    INPUT_BUCKET: bucket,
    JOB_REQUESTS_TOPIC_ARN: requests,
    JOB_EVENTS_TOPIC_ARN: eventTopic,
    API_URL: 'http://127.0.0.1:4000',
    POOL,
    INTERACTIVE_QUEUE_URL: interactive.url,
    BATCH_QUEUE_URL: batch.url,
    ENGINE: 'sketch',
    LEASE_SECONDS: '10',
    HEARTBEAT_INTERVAL_MS: '200',
    VISIBILITY_SECONDS: '10',
    VISIBILITY_INTERVAL_MS: '1000',
    RECEIVE_WAIT_SECONDS: '5',
    HEALTH_HOST: '127.0.0.1',
    HEALTH_PORT: '0',
  };

  async function get(jobId: string): Promise<JobRecord> {
    const job = await jobs.get(jobId);
    if (job === undefined) throw new Error(`there is no job ${jobId}`);
    return job;
  }

  return {
    jobs,
    get,
    /** Decides what becomes of every call that a worker makes from now on. */
    setRule(next: Rule) {
      rule = next;
    },
    /** Does for a job that is overdue what the job-reconciler does, until it is not due any more. */
    async reconcileToTheEnd(jobId: string): Promise<JobRecord> {
      return await waitFor(
        async () => {
          const job = await get(jobId);
          if (job.dueAt === null) return job;
          // A lease has to lapse; what nobody holds is taken for overdue as soon as it is looked at.
          const aheadMs = job.status === 'running' ? 0 : PUBLISH_GRACE_SECONDS * 1000;
          await reconcile({ jobs, announce, enqueue }, job, new Date(Date.now() + aheadMs));
          return undefined;
        },
        { what: 'the end of the job', timeoutMs: 25_000, intervalMs: 100 },
      );
    },
    /** Creates a job and publishes its claim check, as submit-api does. */
    async submit(overrides: Partial<JobRecord> = {}): Promise<JobRecord> {
      const job = aJobRecord({ createdAt: new Date().toISOString(), ...overrides });
      await jobs.create(job);
      await enqueue(job);
      return job;
    },
    startWorker(
      workerId: string,
      settings: Readonly<Record<string, string>> = {},
      nodeOptions: readonly string[] = [],
    ): WorkerProcess {
      const worker = startWorkerProcess({ ...env, WORKER_ID: workerId, ...settings }, nodeOptions);
      workers.push(worker);
      return worker;
    },
    until: (jobId: string, holds: (job: JobRecord) => boolean, what: string) =>
      waitFor(
        async () => {
          const job = await get(jobId);
          return holds(job) ? job : undefined;
        },
        { what, timeoutMs: 20_000 },
      ),
    /** Does for a job whose lease has lapsed what the job-reconciler does. */
    async requeueLapsed(jobId: string): Promise<void> {
      const requeued = await waitFor(async () => await jobs.change(jobId, lapse(await get(jobId), new Date())), {
        what: 'the lapse of the lease',
      });
      await enqueue(requeued);
    },
    async send(body: string): Promise<void> {
      await aws.clients.sqs.send(new SendMessageCommand({ QueueUrl: interactive.url, MessageBody: body }));
    },
    /** Messages in the interactive queue, in flight or not. */
    async messages(): Promise<number> {
      const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const { Attributes } = await aws.clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: interactive.url, AttributeNames: [...names] }),
      );
      return names.reduce((sum, each) => sum + Number(Attributes?.[each]), 0);
    },
    /** Types of the events that were published of a job since the last call. */
    async events(jobId: string): Promise<string[]> {
      const { Messages = [] } = await aws.clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: notifications.url, MaxNumberOfMessages: 10 }),
      );
      const events = Messages.map(({ Body = '' }) => JSON.parse(Body));
      return events.filter(({ subject }) => subject === jobId).map(({ type }) => String(type));
    },
    /** The SHA-256 of each file that the job's record names. */
    async checksums(job: JobRecord): Promise<string[]> {
      return await Promise.all(
        job.outputs.map(async ({ key }) => {
          const response = await fetch((await outputs.signUrl(key, { expiresInSeconds: 300 })).url);
          return createHash('sha256')
            .update(new Uint8Array(await response.arrayBuffer()))
            .digest('hex');
        }),
      );
    },
    /** Ends every worker, whatever it is at. */
    async endWorkers(): Promise<void> {
      for (const worker of workers.splice(0)) {
        worker.kill('SIGKILL');
        await worker.exited;
      }
    },
    async stop(): Promise<void> {
      await Promise.all([dynamoProxy.stop(), restProxy.stop()]);
      await aws.stop();
    },
  };
}

export type WorkerWorld = Awaited<ReturnType<typeof startWorkerWorld>>;
