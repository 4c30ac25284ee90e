import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig, routesOf, waitApiEnv } from '@afterimage/app-config';
import { type StreamRoute, streamingHandler } from '@afterimage/app-host/lambda';
import {
  createDynamoClient,
  DynamoJobStore,
  DynamoRateStore,
  DynamoWaiterSlots,
  S3OutputSigner,
  S3Requests,
} from '@afterimage/job-aws';
import { makeGetJob, makeSignOutputs, makeWaitForJob } from '@afterimage/job-core';
import { LIMITS } from '@afterimage/job-schemas';
import { createTelemetry } from '@afterimage/telemetry';
import { createLambdaTracing } from '@afterimage/telemetry/lambda';
import { makeEventRoutes } from './events/event-routes.ts';
import { makeFollowJob } from './events/follow-job.ts';
import { makeRespondWithJob } from './respond-with-job.ts';
import { makeWaitRoutes } from './wait-routes.ts';

const SERVICE = 'wait-api';
const config = loadConfig(waitApiEnv, process.env);
const telemetry = createTelemetry({ service: SERVICE, logLevel: config.LOG_LEVEL });
const tracing = createLambdaTracing(SERVICE);
// Not traced call by call: a wait looks at its job twice a second.
const dynamo = createDynamoClient();
const slots = new DynamoWaiterSlots(dynamo, config.JOB_TABLE, { limit: LIMITS.waiters, newHolder: randomUUID });
const now = () => new Date();
const getJob = makeGetJob({ jobs: new DynamoJobStore(dynamo, config.JOB_TABLE), now });
const outputs = new S3OutputSigner(new S3Requests({ env: process.env, random: Math.random }), config.OUTPUT_BUCKET);

async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

const waiting = {
  getJob,
  slots,
  now,
  sleep: pause,
  monotonicMs: () => performance.now(),
  pollIntervalMs: config.WAIT_POLL_INTERVAL_MS,
};
const { present, respond, headersOf } = makeRespondWithJob({
  signOutputs: makeSignOutputs({ outputs, expiresInSeconds: config.URL_EXPIRES_SECONDS, now }),
  apiUrl: config.API_URL,
  now,
});
const waitRoutes = makeWaitRoutes({ getJob, waitForJob: makeWaitForJob(waiting), respond, headersOf });
const eventRoutes = makeEventRoutes({
  getJob,
  present,
  followJob: makeFollowJob({ ...waiting, present, log: telemetry.log }),
  now,
  streamSeconds: config.STREAM_SECONDS,
});

export const handler = streamingHandler({
  telemetry,
  tracing,
  rates: new DynamoRateStore(dynamo, config.JOB_TABLE),
  routes: routesOf<'wait-api', StreamRoute['handle']>('wait-api', {
    'GET /v1/jobs/{id}': waitRoutes.get,
    'GET /v1/jobs/{id}/events': eventRoutes.events,
  }),
});
