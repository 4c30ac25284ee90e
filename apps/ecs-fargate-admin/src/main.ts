import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { ConfigError, ecsFargateAdminEnv, loadConfig, parsePools } from '@afterimage/app-config';
import { onStopSignals } from '@afterimage/app-host/service';
import {
  createDynamoClient,
  createS3Client,
  createSnsClient,
  createSqsClient,
  DynamoDeliveryStore,
  DynamoJobPlaces,
  DynamoJobStore,
  DynamoKeyStore,
  DynamoQueueSwitch,
  DynamoTargetStore,
  DynamoTenantStore,
  DynamoUsageStore,
  DynamoWebhookEndpointStore,
  DynamoWorkerRegistry,
  S3OutputStore,
  SnsEventPublisher,
  SnsJobPublisher,
  SqsDeliveryQueue,
} from '@afterimage/job-aws';
import { newApiKeyParts } from '@afterimage/job-core';
import { encodeId } from '@afterimage/job-schemas';
import { createTelemetry } from '@afterimage/telemetry';
import { createServiceTracing } from '@afterimage/telemetry/service';
import { serve } from '@hono/node-server';
import manifest from '../package.json' with { type: 'json' };
import { makeAdminApp } from './api/admin-app.ts';
import { makeCursors } from './api/cursors.ts';
import { DynamoAuditLog } from './audit/dynamo-audit-log.ts';
import { authenticatorOf } from './auth/authenticator-of.ts';
import { makeHandlers } from './handlers.ts';
import { traceRequests } from './trace-requests.ts';
import { NO_TRACES } from './traces/trace-store.ts';
import { createXRayClient, XRayTraceStore } from './traces/xray-trace-store.ts';
import { CloudWatchAlarms } from './overview/cloudwatch-alarms.ts';
import { createCloudWatchClient } from './overview/cloudwatch-client.ts';
import { makeServePage } from './page/serve-page.ts';
import { CloudWatchMeasures } from './queues/cloudwatch-measures.ts';
import { type KnownQueue, makeQueueDirectory } from './queues/queue-directory.ts';
import { SqsOperatorQueues } from './queues/sqs-operator-queues.ts';
import { SERVER_OPTIONS } from './server-options.ts';

/** Requests under way may take this long when the service is told to stop. */
const STOP_MS = 10_000;
const WEBHOOK_SECRET_BYTES = 24;

type Config = ReturnType<typeof loadConfig<typeof ecsFargateAdminEnv>>;

/** Everything in AWS that the console uses. */
function adapters(config: Config, now: () => Date) {
  const dynamo = createDynamoClient();
  const sqs = createSqsClient();
  const sns = createSnsClient();
  const { JOB_TABLE: table } = config;
  return {
    jobs: new DynamoJobStore(dynamo, table),
    places: new DynamoJobPlaces(dynamo, table, Math.random),
    tenants: new DynamoTenantStore(dynamo, table),
    keys: new DynamoKeyStore(dynamo, table),
    usage: new DynamoUsageStore(dynamo, table),
    outputs: new S3OutputStore(createS3Client(), config.OUTPUT_BUCKET),
    endpoints: new DynamoWebhookEndpointStore(dynamo, table),
    deliveries: new DynamoDeliveryStore(dynamo, table),
    targets: new DynamoTargetStore(dynamo, table),
    registry: new DynamoWorkerRegistry(dynamo, table),
    queueSwitch: new DynamoQueueSwitch(dynamo, table),
    audit: new DynamoAuditLog(dynamo, table, now),
    publisher: new SnsJobPublisher(sns, config.JOB_REQUESTS_TOPIC_ARN),
    events: new SnsEventPublisher(sns, config.JOB_EVENTS_TOPIC_ARN),
    deliveryQueue: new SqsDeliveryQueue(sqs, config.NOTIFICATIONS_QUEUE_URL),
    queues: new SqsOperatorQueues(sqs),
  };
}

/** What CloudWatch knows, where it watches the deployment. */
function watched(config: Config, now: () => Date) {
  const { CLOUDWATCH_ALARM_PREFIX: prefix } = config;
  if (prefix === '') return { readAlarms: async () => [] };
  const client = createCloudWatchClient();
  const alarms = new CloudWatchAlarms(client, prefix);
  const measures = new CloudWatchMeasures(client, now);
  return {
    readAlarms: () => alarms.read(),
    measureQueues: (queues: readonly KnownQueue[]) => measures.measure(queues),
  };
}

async function main(): Promise<void> {
  const config = loadConfig(ecsFargateAdminEnv, process.env);
  const telemetry = createTelemetry({ service: 'ecs-fargate-admin', logLevel: config.LOG_LEVEL });
  const { log } = telemetry;
  const now = () => new Date();
  const pools = parsePools(readFileSync(config.POOLS_FILE, 'utf8'), config.POOLS_FILE);
  const stores = adapters(config, now);

  const tracing = await createServiceTracing({
    service: 'ecs-fargate-admin',
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    sampleRatio: config.OTEL_TRACES_SAMPLER_ARG,
  });

  const app = makeAdminApp({
    authenticate: authenticatorOf(config),
    handlers: makeHandlers({
      ...stores,
      directory: makeQueueDirectory({
        jobQueueUrls: config.JOB_QUEUE_URLS,
        notificationsQueueUrl: config.NOTIFICATIONS_QUEUE_URL,
        deadLetterQueueUrls: config.DEAD_LETTER_QUEUE_URLS,
        pools: pools.pools.map(({ name }) => name),
      }),
      ...watched(config, now),
      traces: config.XRAY_TRACES ? new XRayTraceStore(createXRayClient()) : NO_TRACES,
      dollarsPerHour: (pool) => config.POOL_DOLLARS_PER_HOUR.get(pool),
      cursors: makeCursors(config.CURSOR_SECRET),
      pools,
      session: {
        stage: config.STAGE,
        apiUrl: config.API_URL,
        version: manifest.version,
        links: { trace: config.TRACE_LINK ?? null, logs: config.LOGS_LINK ?? null },
        logsCommand: config.LOGS_COMMAND ?? null,
      },
      urlExpiresSeconds: config.URL_EXPIRES_SECONDS,
      allowLoopbackWebhooks: config.ALLOW_LOOPBACK_WEBHOOKS,
      newJobId: () => encodeId('job', randomBytes(16)),
      newSeed: () => randomInt(2 ** 32),
      newKeyParts: () => newApiKeyParts((limit) => randomInt(limit)),
      newWebhookSecret: () => `whsec_${randomBytes(WEBHOOK_SECRET_BYTES).toString('base64')}`,
      currentTrace: tracing.current,
      now,
      log,
    }),
    audit: stores.audit,
    servePage: makeServePage(config.PAGE_DIRECTORY),
    imageOrigins: config.IMAGE_ORIGINS,
    telemetry,
    log,
    newId: randomUUID,
    now,
  });
  const fetch = traceRequests(tracing, (request) => app.fetch(request));
  const { HOST: hostname, PORT } = config;
  const server = serve({ fetch, hostname, port: PORT, serverOptions: SERVER_OPTIONS }, ({ port }) => {
    log.info('console starts', { port, authentication: config.AUTHENTICATION });
  });
  server.on('error', (error) => {
    log.error('console cannot be reached', { error });
    process.exit(1);
  });
  onStopSignals(process, {
    onStop: () => {
      server.close(() => void tracing.close().then(() => process.exit(0)));
      setTimeout(() => process.exit(0), STOP_MS).unref();
    },
    onForce: () => process.exit(1),
  });
}

try {
  await main();
} catch (error) {
  process.stderr.write(error instanceof ConfigError ? `${error.name}: ${error.message}\n` : `${inspect(error)}\n`);
  process.exit(1);
}
