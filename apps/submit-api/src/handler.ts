import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadConfig, parsePools, routesOf, submitApiEnv } from '@afterimage/app-config';
import { httpHandler } from '@afterimage/app-host/lambda';
import {
  createDynamoClient,
  createS3Client,
  createSnsClient,
  DynamoJobStore,
  S3UploadStore,
  SnsEventPublisher,
  SnsJobPublisher,
} from '@afterimage/job-aws';
import { makeAnnounce, makeEnqueue, makeGetJob } from '@afterimage/job-core';
import { encodeId } from '@afterimage/job-schemas';
import { createTelemetry } from '@afterimage/telemetry';
import { createLambdaTracing } from '@afterimage/telemetry/lambda';
import { makeAcceptJob } from './accept-job.ts';
import { makeCreateUpload } from './create-upload.ts';
import { makeJobRoutes } from './job-routes.ts';
import { makePreviewJob } from './preview-job.ts';
import { makeRetryJob } from './retry-job.ts';
import { makeSubmitJob } from './submit-job.ts';
import { makeUploadRoutes } from './upload-routes.ts';

const SERVICE = 'submit-api';

const config = loadConfig(submitApiEnv, process.env);
const telemetry = createTelemetry({ service: SERVICE, logLevel: config.LOG_LEVEL });
const tracing = createLambdaTracing(SERVICE);
const sns = tracing.capture(createSnsClient());
const jobs = new DynamoJobStore(tracing.capture(createDynamoClient()), config.JOB_TABLE);
const now = () => new Date();
const { API_URL: apiUrl, ALLOW_LOOPBACK_WEBHOOKS: allowLoopbackWebhooks } = config;

const pools = parsePools(readFileSync(config.POOLS_FILE, 'utf8'), config.POOLS_FILE);
const newJobId = () => encodeId('job', randomBytes(16));

const acceptJob = makeAcceptJob({
  jobs,
  enqueue: makeEnqueue({ jobs, publisher: new SnsJobPublisher(sns, config.JOB_REQUESTS_TOPIC_ARN) }),
  announce: makeAnnounce({ jobs, events: new SnsEventPublisher(sns, config.JOB_EVENTS_TOPIC_ARN), apiUrl, now }),
  log: telemetry.log,
});
const jobRoutes = makeJobRoutes({
  submitJob: makeSubmitJob({
    jobs,
    acceptJob,
    pools,
    allowLoopbackWebhooks,
    now,
    newJobId,
    newSeed: () => randomInt(2 ** 32),
  }),
  previewJob: makePreviewJob({ jobs, pools, allowLoopbackWebhooks, now }),
  retryJob: makeRetryJob({ jobs, getJob: makeGetJob({ jobs }), acceptJob, pools, now, newJobId }),
  apiUrl,
  now,
});
const uploadRoutes = makeUploadRoutes({
  createUpload: makeCreateUpload({
    uploads: new S3UploadStore(tracing.capture(createS3Client()), config.INPUT_BUCKET),
    now,
    log: telemetry.log,
  }),
});

export const handler = httpHandler({
  telemetry,
  tracing,
  routes: routesOf('submit-api', {
    'POST /v1/jobs': jobRoutes.create,
    'POST /v1/jobs/{id}/retry': jobRoutes.retry,
    'POST /v1/uploads': uploadRoutes.create,
  }),
});
