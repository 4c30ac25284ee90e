import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadConfig, parsePools, routesOf, submitApiEnv } from '@afterimage/app-config';
import { httpHandler, type Route } from '@afterimage/app-host/lambda';
import {
  createDynamoClient,
  createSnsClient,
  DynamoJobStore,
  SnsEventPublisher,
  SnsJobPublisher,
} from '@afterimage/job-aws';
import { makeAnnounce, makeEnqueue, presentJob } from '@afterimage/job-core';
import { encodeId } from '@afterimage/job-schemas';
import { createTelemetry } from '@afterimage/telemetry';
import { createLambdaTracing } from '@afterimage/telemetry/lambda';
import { toSubmitCommand } from './request.ts';
import { makeSubmitJob } from './submit-job.ts';

const SERVICE = 'submit-api';
const QUEUED_RETRY_SECONDS = 2;

const config = loadConfig(submitApiEnv, process.env);
const telemetry = createTelemetry({ service: SERVICE, logLevel: config.LOG_LEVEL });
const tracing = createLambdaTracing(SERVICE);
const sns = tracing.capture(createSnsClient());
const jobs = new DynamoJobStore(tracing.capture(createDynamoClient()), config.JOB_TABLE);
const now = () => new Date();

const submitJob = makeSubmitJob({
  jobs,
  enqueue: makeEnqueue({ jobs, publisher: new SnsJobPublisher(sns, config.JOB_REQUESTS_TOPIC_ARN) }),
  announce: makeAnnounce({
    jobs,
    events: new SnsEventPublisher(sns, config.JOB_EVENTS_TOPIC_ARN),
    apiUrl: config.API_URL,
    now,
  }),
  pools: parsePools(readFileSync(config.POOLS_FILE, 'utf8'), config.POOLS_FILE),
  allowLoopbackWebhooks: config.ALLOW_LOOPBACK_WEBHOOKS,
  now,
  newJobId: () => encodeId('job', randomBytes(16)),
  newSeed: () => randomInt(2 ** 32),
  log: telemetry.log,
});

const createJob: Route['handle'] = async (request) => {
  const { job, isReplay } = await submitJob(toSubmitCommand(request));
  const body = presentJob(job, { apiUrl: config.API_URL, now: now() });
  return {
    status: 202,
    headers: {
      location: body.links.self,
      etag: `W/"${job.version}"`,
      'retry-after': String(QUEUED_RETRY_SECONDS),
      ...(isReplay ? { 'idempotency-replayed': 'true' } : {}),
    },
    body,
  };
};

export const handler = httpHandler({
  telemetry,
  tracing,
  routes: routesOf('submit-api', { 'POST /v1/jobs': createJob }),
});
