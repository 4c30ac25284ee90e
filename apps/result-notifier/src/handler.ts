import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig, resultNotifierEnv } from '@afterimage/app-config';
import { queueHandler } from '@afterimage/app-host/lambda';
import {
  createDynamoClient,
  createS3Client,
  createSnsClient,
  createSqsClient,
  DynamoBatchStore,
  DynamoDeliveryStore,
  DynamoJobStore,
  DynamoTargetStore,
  DynamoTenantStore,
  DynamoUsageStore,
  DynamoWebhookEndpointStore,
  S3OutputStore,
  SnsEventPublisher,
  SnsLegacyPublisher,
  SqsDeliveryQueue,
} from '@afterimage/job-aws';
import { makeAnnounceBatch, makeCountEnd, makeCountUsage, makeSecretBox, makeSettleBatch } from '@afterimage/job-core';
import { notificationSchema } from '@afterimage/job-schemas';
import { resolveHost } from '@afterimage/safe-egress';
import { createTelemetry } from '@afterimage/telemetry';
import { createLambdaTracing } from '@afterimage/telemetry/lambda';
import { makeAttemptDelivery } from './attempt-delivery.ts';
import { makeDisableEndpoint } from './disable-endpoint.ts';
import { createEventBridgeClient, makePutOnBus } from './event-bridge.ts';
import { makeHandToAll } from './hand-to-all.ts';
import { makeFollowBatches } from './follow-batches.ts';
import { makeTellLegacy } from './legacy/tell-legacy.ts';
import { makeWriteResults } from './legacy/write-results.ts';
import { makeNotify } from './notify.ts';
import { makeFindRecipient } from './recipient.ts';
import { makeTargetGate } from './target-gate.ts';
import { makeDeliver } from './webhook/deliver.ts';

const service = 'result-notifier';
const config = loadConfig(resultNotifierEnv, process.env);
const telemetry = createTelemetry({ service, logLevel: config.LOG_LEVEL });
const tracing = createLambdaTracing(service);
const dynamo = tracing.capture(createDynamoClient());
const sns = tracing.capture(createSnsClient());
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
  traced: (delivery, work) => {
    const { traceparent, attempt } = delivery;
    const about = { deliveryAttempt: attempt };
    return tracing.continued(traceparent, about, () =>
      tracing.span('webhook', about, () => work(tracing.current() ?? traceparent)),
    );
  },
  telemetry,
  now,
  random: Math.random,
});

const jobs = new DynamoJobStore(dynamo, config.JOB_TABLE);
const notify = makeNotify({ jobs, endpoints, deliveries, attemptDelivery, telemetry, now });

const outputs = new S3OutputStore(tracing.capture(createS3Client()), config.OUTPUT_BUCKET);
const tellLegacy = makeTellLegacy({
  jobs,
  outputs,
  writeResults: makeWriteResults({ outputs, bucket: config.OUTPUT_BUCKET }),
  callbacks: new SnsLegacyPublisher(sns, config.LEGACY_RESULTS_TOPIC_ARN),
  tellsOfStart: config.LEGACY_RUNNING_CALLBACKS,
  telemetry,
});
const batches = new DynamoBatchStore(dynamo, config.JOB_TABLE);
const announceBatch = makeAnnounceBatch({
  batches,
  events: new SnsEventPublisher(sns, config.JOB_EVENTS_TOPIC_ARN),
  apiUrl: config.API_URL,
  now,
});
const settleBatch = makeSettleBatch({ batches, announceBatch, now });
const countUsage = makeCountUsage({ usage: new DynamoUsageStore(dynamo, config.JOB_TABLE) });
const followBatches = makeFollowBatches({ countEnd: makeCountEnd({ batches, settleBatch }) });

const toBus =
  config.EVENT_BUS === ''
    ? []
    : [makePutOnBus({ client: tracing.capture(createEventBridgeClient()), name: config.EVENT_BUS })];

/** Brings job events to those who wait for them: webhooks and their retries, clients of the guidance, an event bus. */
export const handler = queueHandler({
  telemetry,
  tracing,
  schema: notificationSchema,
  handle: makeHandToAll([countUsage, followBatches, notify, tellLegacy, ...toBus]),
});
