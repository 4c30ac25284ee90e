import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig, routesOf, webhookApiEnv } from '@afterimage/app-config';
import { httpHandler } from '@afterimage/app-host/lambda';
import {
  createDynamoClient,
  createSqsClient,
  DynamoDeliveryStore,
  DynamoRateStore,
  DynamoTargetStore,
  DynamoWebhookEndpointStore,
  SqsDeliveryQueue,
} from '@afterimage/job-aws';
import { makeRedeliver, makeSecretBox } from '@afterimage/job-core';
import { encodeId } from '@afterimage/job-schemas';
import { createTelemetry } from '@afterimage/telemetry';
import { createLambdaTracing } from '@afterimage/telemetry/lambda';
import { makeCreateEndpoint } from './create-endpoint.ts';
import { makeManageDeliveries } from './manage-deliveries.ts';
import { makeFindEndpoint, makeManageEndpoints } from './manage-endpoints.ts';
import { makeAddSecret } from './secrets.ts';
import { makeTestEndpoint } from './test-endpoint.ts';
import { makeWebhookRoutes } from './webhook-routes.ts';

const SERVICE = 'webhook-api';
const TEST_POLL_INTERVAL_MS = 250;

const config = loadConfig(webhookApiEnv, process.env);
const telemetry = createTelemetry({ service: SERVICE, logLevel: config.LOG_LEVEL });
const tracing = createLambdaTracing(SERVICE);
const dynamo = tracing.capture(createDynamoClient());
const deliveries = new DynamoDeliveryStore(dynamo, config.JOB_TABLE);
const endpoints = new DynamoWebhookEndpointStore(dynamo, config.JOB_TABLE);
const queue = new SqsDeliveryQueue(tracing.capture(createSqsClient()), config.NOTIFICATIONS_QUEUE_URL);
const findEndpoint = makeFindEndpoint(endpoints);
const now = () => new Date();

const secretBox = makeSecretBox(config.WEBHOOK_SECRET_KEYS, randomBytes);
const endpointPorts = {
  endpoints,
  targets: new DynamoTargetStore(dynamo, config.JOB_TABLE),
  addSecret: makeAddSecret({ secretBox, randomBytes }),
  rules: { allowLoopback: config.ALLOW_LOOPBACK_WEBHOOKS },
  now,
  log: telemetry.log,
};

const routes = makeWebhookRoutes({
  createEndpoint: makeCreateEndpoint({
    ...endpointPorts,
    secretBox,
    newEndpointId: () => encodeId('whe', randomBytes(16)),
  }),
  endpoints: makeManageEndpoints(endpointPorts),
  deliveries: makeManageDeliveries({
    deliveries,
    findEndpoint,
    redeliver: makeRedeliver({ deliveries, queue, now }),
    cursorSecret: config.CURSOR_SECRET,
  }),
  testEndpoint: makeTestEndpoint({
    deliveries,
    queue,
    findEndpoint,
    randomBytes,
    sleep: (milliseconds) => sleep(milliseconds),
    monotonicMs: () => performance.now(),
    pollIntervalMs: TEST_POLL_INTERVAL_MS,
    now,
  }),
  apiUrl: config.API_URL,
});

export const handler = httpHandler({
  telemetry,
  tracing,
  rates: new DynamoRateStore(dynamo, config.JOB_TABLE),
  routes: routesOf('webhook-api', {
    'POST /v1/webhook-endpoints': routes.create,
    'GET /v1/webhook-endpoints': routes.list,
    'GET /v1/webhook-endpoints/{id}': routes.get,
    'PATCH /v1/webhook-endpoints/{id}': routes.update,
    'DELETE /v1/webhook-endpoints/{id}': routes.remove,
    'POST /v1/webhook-endpoints/{id}/rotate-secret': routes.rotateSecret,
    'POST /v1/webhook-endpoints/{id}/test': routes.test,
    'GET /v1/webhook-endpoints/{id}/deliveries': routes.listDeliveries,
    'POST /v1/webhook-endpoints/{id}/redeliver-failed': routes.redeliverFailed,
    'GET /v1/webhook-deliveries/{id}': routes.getDelivery,
    'POST /v1/webhook-deliveries/{id}/redeliver': routes.redeliver,
  }),
});
