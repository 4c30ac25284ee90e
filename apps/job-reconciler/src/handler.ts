import { randomInt } from 'node:crypto';
import { jobReconcilerEnv, loadConfig } from '@afterimage/app-config';
import { scheduledHandler } from '@afterimage/app-host/lambda';
import {
  createDynamoClient,
  createS3Client,
  createSnsClient,
  createSqsClient,
  DynamoBatchStore,
  DynamoDeliveryStore,
  DynamoDueIndex,
  DynamoJobPlaces,
  DynamoJobStore,
  DynamoTenantStore,
  S3OutputStore,
  SnsEventPublisher,
  SnsJobPublisher,
  SqsDeliveryQueue,
  SqsMessageQueue,
} from '@afterimage/job-aws';
import {
  makeAnnounce,
  makeAnnounceBatch,
  makeCancelBatchJobs,
  makeCountBatch,
  makeEnqueue,
  makeEraseFiles,
  makeFillBatch,
  makeSettleBatch,
  makeTenantQuotas,
} from '@afterimage/job-core';
import { createTelemetry } from '@afterimage/telemetry';
import { createLambdaTracing } from '@afterimage/telemetry/lambda';
import { makeFailDeadLetters } from './dead-letters.ts';
import { makeMoveBatchOn } from './move-batch-on.ts';
import { makeMoveDeliveryOn } from './move-delivery-on.ts';
import { type InTrace, makeMoveJobOn } from './move-job-on.ts';
import { makeReconcile } from './reconcile.ts';
import { makeRunOnce } from './run-once.ts';

const CONCURRENCY = 16;

const service = 'job-reconciler';
const config = loadConfig(jobReconcilerEnv, process.env);
const telemetry = createTelemetry({ service, logLevel: config.LOG_LEVEL });
const { log } = telemetry;
const tracing = createLambdaTracing(service);
const dynamo = tracing.capture(createDynamoClient());
const sqs = tracing.capture(createSqsClient());
const sns = tracing.capture(createSnsClient());
const now = () => new Date();

const jobs = new DynamoJobStore(dynamo, config.JOB_TABLE);
const outputs = new S3OutputStore(tracing.capture(createS3Client()), config.OUTPUT_BUCKET);
const { API_URL: apiUrl } = config;
const events = new SnsEventPublisher(sns, config.JOB_EVENTS_TOPIC_ARN);
const announce = makeAnnounce({ jobs, events, apiUrl, now });
const enqueue = makeEnqueue({ jobs, publisher: new SnsJobPublisher(sns, config.JOB_REQUESTS_TOPIC_ARN) });

const places = new DynamoJobPlaces(dynamo, config.JOB_TABLE, Math.random);
const quotasOfTenant = makeTenantQuotas({ tenants: new DynamoTenantStore(dynamo, config.JOB_TABLE), now });

async function freePlace(tenantId: string, heldUntil: Date): Promise<void> {
  try {
    const { runningJobs: limit } = await quotasOfTenant(tenantId);
    await places.giveBack(tenantId, 'running', { count: 1, limit, heldUntil });
  } catch (error) {
    // The job has been moved on; the next recount finds its place.
    log.warn('place not given back', { tenantId, error });
  }
}

const inTrace: InTrace = (job, work) => tracing.continued(job.traceparent, { attempt: job.attempt }, work);

const batches = new DynamoBatchStore(dynamo, config.JOB_TABLE);
const announceBatch = makeAnnounceBatch({ batches, events, apiUrl, now });
const settleBatch = makeSettleBatch({ batches, announceBatch, now });
const moveBatchOn = makeMoveBatchOn({
  batches,
  fillBatch: makeFillBatch({ jobs, batches, enqueue, now, newSeed: () => randomInt(2 ** 32) }),
  cancelBatchJobs: makeCancelBatchJobs({ jobs, announce, now }),
  countBatch: makeCountBatch({ batches, jobs, settleBatch, now }),
  announceBatch,
  now,
});

const failDeadLetters = makeFailDeadLetters({
  queues: config.DEAD_LETTER_QUEUE_URLS.map((url) => new SqsMessageQueue(sqs, url)),
  jobs,
  announce,
  log,
  now,
  concurrency: CONCURRENCY,
});
const reconcile = makeReconcile({
  due: new DynamoDueIndex(dynamo, config.JOB_TABLE),
  moveJobOn: makeMoveJobOn({
    jobs,
    announce,
    enqueue,
    eraseFiles: makeEraseFiles({ jobs, outputs }),
    freePlace,
    now,
    inTrace,
  }),
  moveBatchOn,
  moveDeliveryOn: makeMoveDeliveryOn({
    deliveries: new DynamoDeliveryStore(dynamo, config.JOB_TABLE),
    queue: new SqsDeliveryQueue(sqs, config.NOTIFICATIONS_QUEUE_URL),
    now,
  }),
  log,
  now,
  batchPerShard: config.BATCH_PER_SHARD,
  concurrency: CONCURRENCY,
});

/** Moves on whatever is overdue. Two runs at the same time do no harm: every step is conditional. */
export const handler = scheduledHandler({
  telemetry,
  tracing,
  run: makeRunOnce({ tasks: [failDeadLetters, reconcile], telemetry }),
});
