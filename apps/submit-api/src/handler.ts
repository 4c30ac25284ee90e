import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig, parseServedPools, routesOf, submitApiEnv } from '@afterimage/app-config';
import { httpHandler } from '@afterimage/app-host/lambda';
import {
  createDynamoClient,
  createSnsClient,
  DynamoBatchStore,
  DynamoJobPlaces,
  DynamoJobStore,
  DynamoRateStore,
  DynamoTenantStore,
  DynamoWaiterSlots,
  S3OutputSigner,
  S3Requests,
  S3UploadIntake,
  SnsEventPublisher,
  SnsJobPublisher,
} from '@afterimage/job-aws';
import {
  checkWebhook,
  makeAcceptJob,
  makeCheckReferences,
  makePublishNew,
  makeRetryJob,
  makeSubmitJob,
  poolFor,
} from '@afterimage/job-commands';
import {
  makeAnnounce,
  makeAnnounceBatch,
  makeCancelBatchJobs,
  makeEnqueue,
  makeFillBatch,
  makeGetJob,
  makeQueuePlaces,
  makeSettleBatch,
  makeSignOutputs,
  makeTenantQuotas,
  makeWaitForJob,
} from '@afterimage/job-core';
import { encodeId, LIMITS } from '@afterimage/job-schemas';
import { createTelemetry } from '@afterimage/telemetry';
import { createLambdaTracing } from '@afterimage/telemetry/lambda';
import { makeBatchRoutes } from './batch-routes.ts';
import { makeCheckItem } from './check-item.ts';
import { makeCreateBatch } from './create-batch.ts';
import { makeCreateUpload } from './create-upload.ts';
import { makeJobRoutes } from './job-routes.ts';
import { makeSubmitTask } from './legacy/submit-task.ts';
import { makeTaskRoutes } from './legacy/task-routes.ts';
import { makePreviewJob } from './preview-job.ts';
import { makeUploadRoutes } from './upload-routes.ts';

const SERVICE = 'submit-api';

const config = loadConfig(submitApiEnv, process.env);
const telemetry = createTelemetry({ service: SERVICE, logLevel: config.LOG_LEVEL });
const tracing = createLambdaTracing(SERVICE);
const s3 = new S3Requests({ env: process.env, random: Math.random });
const sns = tracing.capture(createSnsClient());
const dynamo = tracing.capture(createDynamoClient());
const jobs = new DynamoJobStore(dynamo, config.JOB_TABLE);
const now = () => new Date();
const getJob = makeGetJob({ jobs, now });
const { API_URL: apiUrl, ALLOW_LOOPBACK_WEBHOOKS: allowLoopbackWebhooks } = config;

const pools = parseServedPools(readFileSync(config.POOLS_FILE, 'utf8'), config.POOLS_FILE);
const newSeed = () => randomInt(2 ** 32);
const newJobId = () => encodeId('job', randomBytes(16));

const events = new SnsEventPublisher(sns, config.JOB_EVENTS_TOPIC_ARN);
const announce = makeAnnounce({ jobs, events, apiUrl, now });
const publishing = {
  enqueue: makeEnqueue({ jobs, publisher: new SnsJobPublisher(sns, config.JOB_REQUESTS_TOPIC_ARN) }),
  announce,
  log: telemetry.log,
};
const queue = makeQueuePlaces({
  places: new DynamoJobPlaces(dynamo, config.JOB_TABLE, Math.random),
  now,
  quotasOfTenant: makeTenantQuotas({ tenants: new DynamoTenantStore(dynamo, config.JOB_TABLE), now }),
});
const acceptJob = makeAcceptJob({ jobs, queue, ...publishing });
const jobRoutes = makeJobRoutes({
  submitJob: makeSubmitJob({
    jobs,
    acceptJob,
    pools,
    allowLoopbackWebhooks,
    now,
    newJobId,
    newSeed,
  }),
  previewJob: makePreviewJob({ jobs, pools, allowLoopbackWebhooks, now }),
  retryJob: makeRetryJob({ jobs, getJob, acceptJob, pools, now, newJobId }),
  waitForJob: makeWaitForJob({
    getJob,
    slots: new DynamoWaiterSlots(dynamo, config.JOB_TABLE, { limit: LIMITS.waiters, newHolder: randomUUID }),
    now,
    sleep: (milliseconds) => sleep(milliseconds),
    monotonicMs: () => performance.now(),
    pollIntervalMs: config.WAIT_POLL_INTERVAL_MS,
  }),
  signOutputs: makeSignOutputs({
    outputs: new S3OutputSigner(s3, config.OUTPUT_BUCKET),
    expiresInSeconds: config.URL_EXPIRES_SECONDS,
    now,
  }),
  apiUrl,
  now,
});
const batches = new DynamoBatchStore(dynamo, config.JOB_TABLE);
const batchRoutes = makeBatchRoutes({
  createBatch: makeCreateBatch({
    batches,
    queue,
    checkItem: makeCheckItem({
      poolFor: (request) => poolFor(request, pools, { allowLoopbackWebhooks }),
      checkReferences: makeCheckReferences({ jobs, now }),
    }),
    fillBatch: makeFillBatch({ jobs, batches, enqueue: makePublishNew(publishing), now, newSeed }),
    cancelBatchJobs: makeCancelBatchJobs({ jobs, announce, now }),
    settleBatch: makeSettleBatch({ batches, announceBatch: makeAnnounceBatch({ batches, events, apiUrl, now }), now }),
    checkWebhook: (webhook) => checkWebhook(webhook, { allowLoopbackWebhooks }),
    now,
    newBatchId: () => encodeId('bat', randomBytes(16)),
    log: telemetry.log,
  }),
  apiUrl,
});
const uploads = new S3UploadIntake(s3, config.INPUT_BUCKET);
const taskRoutes = makeTaskRoutes({
  submitTask: makeSubmitTask({ uploads, acceptJob, pools, now, newSeed }),
  outputBucket: config.OUTPUT_BUCKET,
  apiUrl,
});
const uploadRoutes = makeUploadRoutes({
  createUpload: makeCreateUpload({
    uploads,
    now,
    log: telemetry.log,
  }),
});

export const handler = httpHandler({
  telemetry,
  tracing,
  rates: new DynamoRateStore(dynamo, config.JOB_TABLE),
  routes: routesOf('submit-api', {
    'POST /v1/jobs': jobRoutes.create,
    'POST /v1/jobs/{id}/retry': jobRoutes.retry,
    'POST /v1/batches': batchRoutes.create,
    'POST /v1/uploads': uploadRoutes.create,
    'POST /v1alpha2/task': taskRoutes.create,
    'POST /v1alpha2': taskRoutes.create,
    'POST /v1alpha1': taskRoutes.createOld,
  }),
});
