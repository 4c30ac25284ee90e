import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig, resultNotifierEnv } from '@afterimage/app-config';
import { queueHandler } from '@afterimage/app-host/lambda';
import {
  createDynamoClient,
  createSqsClient,
  DynamoDeliveryStore,
  DynamoJobStore,
  DynamoTargetStore,
  DynamoTenantStore,
  DynamoWebhookEndpointStore,
  SqsDeliveryQueue,
} from '@afterimage/job-aws';
import { makeSecretBox } from '@afterimage/job-core';
import { notificationSchema } from '@afterimage/job-schemas';
import { resolveHost } from '@afterimage/safe-egress';
import { createTelemetry } from '@afterimage/telemetry';
import { createLambdaTracing } from '@afterimage/telemetry/lambda';
import { makeAttemptDelivery } from './attempt-delivery.ts';
import { makeDisableEndpoint } from './disable-endpoint.ts';
import { makeNotify } from './notify.ts';
import { makeFindRecipient } from './recipient.ts';
import { makeTargetGate } from './target-gate.ts';
import { makeDeliver } from './webhook/deliver.ts';

const service = 'result-notifier';
const config = loadConfig(resultNotifierEnv, process.env);
const telemetry = createTelemetry({ service, logLevel: config.LOG_LEVEL });
const tracing = createLambdaTracing(service);
const dynamo = tracing.capture(createDynamoClient());
const sqs = tracing.capture(createSqsClient());
const deliveries = new DynamoDeliveryStore(dynamo, config.JOB_TABLE);
const endpoints = new DynamoWebhookEndpointStore(dynamo, config.JOB_TABLE);
const now = () => new Date();

const attemptDelivery = makeAttemptDelivery({
  deliveries,
  findRecipient: makeFindRecipient({
    tenants: new DynamoTenantStore(dynamo, config.JOB_TABLE),
    endpoints,
    secretBox: makeSecretBox(config.WEBHOOK_SECRET_KEYS, randomBytes),
    now,
  }),
  gate: makeTargetGate({
    targets: new DynamoTargetStore(dynamo, config.JOB_TABLE),
    now,
    random: Math.random,
    sleep: (milliseconds) => sleep(milliseconds),
  }),
  disableEndpoint: makeDisableEndpoint({ endpoints, telemetry, now }),
  queue: new SqsDeliveryQueue(sqs, config.NOTIFICATIONS_QUEUE_URL),
  deliver: makeDeliver({
    timeoutMs: config.WEBHOOK_TIMEOUT_MS,
    allowLoopback: config.ALLOW_LOOPBACK_WEBHOOKS,
    resolve: resolveHost,
  }),
  telemetry,
  now,
  random: Math.random,
});

const jobs = new DynamoJobStore(dynamo, config.JOB_TABLE);
const notify = makeNotify({ jobs, endpoints, deliveries, attemptDelivery, telemetry, now });

/** Makes webhook deliveries of job events and of their retries. */
export const handler = queueHandler({ telemetry, tracing, schema: notificationSchema, handle: notify });
