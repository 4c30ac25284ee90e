import { randomBytes, randomUUID } from 'node:crypto';
import { ADMIN_BASE, ADMIN_OPERATIONS, type AdminRouteKey, type Operator } from '@afterimage/admin-schemas';
import { poolsSchema } from '@afterimage/app-config';
import {
  createDynamoClient,
  createS3Client,
  createSnsClient,
  createSqsClient,
  createTableInput,
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
import { recordingTelemetry } from '@afterimage/testing';
import { type EmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import type * as z from 'zod';
import { makeAdminApp } from '../src/api/admin-app.ts';
import { makeCursors } from '../src/api/cursors.ts';
import { DynamoAuditLog } from '../src/audit/dynamo-audit-log.ts';
import { NO_TRACES } from '../src/traces/trace-store.ts';
import { makeHandlers } from '../src/handlers.ts';
import { makeQueueDirectory } from '../src/queues/queue-directory.ts';
import { SqsOperatorQueues } from '../src/queues/sqs-operator-queues.ts';

const ORIGIN = 'http://127.0.0.1';
const OPERATOR: Operator = { id: 'local', name: 'local operator', role: 'admin' };

export const REASON = 'asked by the tenant';
/** Where every request is in its trace. */
export const REQUEST_TRACE = '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01';
export const POOLS = poolsSchema.parse({
  pools: [{ name: 'local', engine: 'sketch', models: [{ id: 'sketch-1', tasks: ['text-to-image'] }] }],
});

async function provision(aws: EmbeddedAws) {
  const table = await aws.createTable(createTableInput(uniqueName('jobs')));
  const bucket = await aws.createBucket(uniqueName('outputs'));
  const jobRequests = await aws.createTopic(uniqueName('job-requests'));
  const jobEvents = await aws.createTopic(uniqueName('job-events'));
  const undelivered = await aws.createQueue(uniqueName('job-requests-undelivered'));
  const prefix = uniqueName('q');
  async function withDeadLetters(name: string) {
    const deadLetters = await aws.createQueue(`${prefix}-${name}-dlq`);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 5 });
    return { ...(await aws.createQueue(`${prefix}-${name}`, { RedrivePolicy })), deadLetters };
  }
  const interactive = await withDeadLetters('local-interactive');
  const batch = await withDeadLetters('local-batch');
  const notifications = await withDeadLetters('notifications');
  await aws.subscribe(jobRequests, interactive.arn, { priority: ['interactive'] });
  await aws.subscribe(jobRequests, batch.arn, { priority: ['batch'] });
  await aws.subscribe(jobEvents, notifications.arn);
  return { table, bucket, jobRequests, jobEvents, undelivered, interactive, batch, notifications };
}

/** The whole server of the console but for its socket, on AWS in this process. */
export async function aConsole(aws: EmbeddedAws) {
  const resources = await provision(aws);
  const { table, undelivered, interactive, batch, notifications } = resources;
  const dynamo = createDynamoClient(aws.options.dynamodb);
  const sqs = createSqsClient(aws.options.sqs);
  const sns = createSnsClient(aws.options.sns);
  const now = () => new Date();
  const telemetry = recordingTelemetry();
  const stores = {
    jobs: new DynamoJobStore(dynamo, table),
    places: new DynamoJobPlaces(dynamo, table, Math.random),
    tenants: new DynamoTenantStore(dynamo, table),
    keys: new DynamoKeyStore(dynamo, table),
    usage: new DynamoUsageStore(dynamo, table),
    outputs: new S3OutputStore(createS3Client(aws.options.s3), resources.bucket),
    endpoints: new DynamoWebhookEndpointStore(dynamo, table),
    deliveries: new DynamoDeliveryStore(dynamo, table),
    targets: new DynamoTargetStore(dynamo, table),
    registry: new DynamoWorkerRegistry(dynamo, table),
    queueSwitch: new DynamoQueueSwitch(dynamo, table),
    audit: new DynamoAuditLog(dynamo, table, now),
    publisher: new SnsJobPublisher(sns, resources.jobRequests),
    events: new SnsEventPublisher(sns, resources.jobEvents),
    deliveryQueue: new SqsDeliveryQueue(sqs, notifications.url),
    queues: new SqsOperatorQueues(sqs),
  };
  const directory = makeQueueDirectory({
    jobQueueUrls: [interactive.url, batch.url],
    notificationsQueueUrl: notifications.url,
    deadLetterQueueUrls: [
      interactive.deadLetters.url,
      batch.deadLetters.url,
      notifications.deadLetters.url,
      undelivered.url,
    ],
    pools: ['local'],
  });
  const app = makeAdminApp({
    authenticate: async () => OPERATOR,
    handlers: makeHandlers({
      ...stores,
      directory,
      readAlarms: async () => [],
      dollarsPerHour: () => 3.6,
      cursors: makeCursors('s'.repeat(32)),
      pools: POOLS,
      session: {
        stage: 'test',
        apiUrl: 'http://api.test',
        version: '1',
        links: { trace: null, logs: null },
        logsCommand: null,
      },
      urlExpiresSeconds: 3600,
      traces: NO_TRACES,
      allowLoopbackWebhooks: false,
      newJobId: () => encodeId('job', randomBytes(16)),
      newSeed: () => 7,
      newKeyParts: () => newApiKeyParts((limit) => randomBytes(4).readUInt32BE() % limit),
      newWebhookSecret: () => 'whsec_secret',
      currentTrace: () => REQUEST_TRACE,
      now,
      log: telemetry.log,
    }),
    audit: stores.audit,
    servePage: () => new Response('page'),
    imageOrigins: [],
    telemetry,
    log: telemetry.log,
    newId: randomUUID,
    now,
  });

  /** The answer as it came. */
  async function send(key: AdminRouteKey, path: string, body?: unknown): Promise<Response> {
    const [method = ''] = key.split(' ');
    const headers = { 'content-type': 'application/json' };
    const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
    return app.request(`${ORIGIN}${ADMIN_BASE}${path}`, init);
  }

  /** The answer, held to the contract of the route. @throws Error with the problem when it was refused */
  async function call<T extends z.ZodType>(key: AdminRouteKey, schema: T, path: string, body?: unknown) {
    const response = await send(key, path, body);
    const json: unknown = await response.json();
    const { status = 200 } = ADMIN_OPERATIONS[key];
    if (response.status !== status) throw new Error(`${key} answered ${response.status}: ${JSON.stringify(json)}`);
    return schema.parse(json) as z.infer<T>;
  }

  return { ...resources, ...stores, directory, send, call, telemetry };
}
export type Console = Awaited<ReturnType<typeof aConsole>>;
