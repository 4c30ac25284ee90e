import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig, parseServedPools, routesOf, statusApiEnv } from '@afterimage/app-config';
import { httpHandler } from '@afterimage/app-host/lambda';
import {
  createDynamoClient,
  createS3Client,
  createSnsClient,
  DynamoBatchStore,
  DynamoJobPlaces,
  DynamoJobStore,
  DynamoKeyStore,
  DynamoRateStore,
  DynamoTenantStore,
  DynamoUsageStore,
  DynamoWorkerRegistry,
  S3OutputStore,
  SnsEventPublisher,
} from '@afterimage/job-aws';
import { makeCancelJob, makeEraseJob } from '@afterimage/job-commands';
import {
  makeAnnounce,
  makeCancelBatchJobs,
  makeEraseFiles,
  makeFindJob,
  makeFindWarmModels,
  makeGetBatch,
  makeGetJob,
  makeManageKeys,
  makePlacesInUse,
  makeSignOutputs,
  makeTenantQuotas,
  newApiKeyParts,
} from '@afterimage/job-core';
import { createTelemetry } from '@afterimage/telemetry';
import { createLambdaTracing } from '@afterimage/telemetry/lambda';
import { makeBatchRoutes } from './batch-routes.ts';
import { makeCancelBatch } from './cancel-batch.ts';
import { makeDescriptionRoutes } from './description-routes.ts';
import { makeJobRoutes } from './job-routes.ts';
import { makeKeyRoutes } from './key-routes.ts';
import { makeLimitRoutes } from './limit-routes.ts';
import { makeListJobs } from './list-jobs.ts';
import { makeModelRoutes } from './model-routes.ts';
import { makeUsageRoutes } from './usage-routes.ts';
import { makeRespondWithJob } from './respond-with-job.ts';

const SERVICE = 'status-api';
const config = loadConfig(statusApiEnv, process.env);
const telemetry = createTelemetry({ service: SERVICE, logLevel: config.LOG_LEVEL });
const tracing = createLambdaTracing(SERVICE);
const dynamo = tracing.capture(createDynamoClient());
const jobs = new DynamoJobStore(dynamo, config.JOB_TABLE);
const now = () => new Date();
const { API_URL: apiUrl } = config;

const getJob = makeGetJob({ jobs, now });
const findJob = makeFindJob({ jobs, now });
const outputs = new S3OutputStore(tracing.capture(createS3Client()), config.OUTPUT_BUCKET);
const events = new SnsEventPublisher(tracing.capture(createSnsClient()), config.JOB_EVENTS_TOPIC_ARN);
const announce = makeAnnounce({ jobs, events, apiUrl, now });

const signOutputs = makeSignOutputs({ outputs, expiresInSeconds: config.URL_EXPIRES_SECONDS, now });

const jobRoutes = makeJobRoutes({
  cancelJob: makeCancelJob({ jobs, getJob, announce, now, log: telemetry.log }),
  findJob,
  eraseJob: makeEraseJob({
    jobs,
    findJob,
    announce,
    eraseFiles: makeEraseFiles({ jobs, outputs }),
    now,
    log: telemetry.log,
  }),
  listJobs: makeListJobs({ jobs, cursorSecret: config.CURSOR_SECRET }),
  respond: makeRespondWithJob({ signOutputs, apiUrl, now }).respond,
  signOutputs,
  apiUrl,
  now,
});
const batches = new DynamoBatchStore(dynamo, config.JOB_TABLE);
const getBatch = makeGetBatch({ batches });
const batchRoutes = makeBatchRoutes({
  getBatch,
  cancelBatch: makeCancelBatch({
    batches,
    getBatch,
    cancelBatchJobs: makeCancelBatchJobs({ jobs, announce, now }),
    now,
    log: telemetry.log,
  }),
  jobs,
  apiUrl,
});
const pools = parseServedPools(readFileSync(config.POOLS_FILE, 'utf8'), config.POOLS_FILE);
const modelRoutes = makeModelRoutes({
  pools,
  findWarmModels: makeFindWarmModels({
    registry: new DynamoWorkerRegistry(dynamo, config.JOB_TABLE),
    pools: pools.pools.map(({ name }) => name),
    now,
  }),
});
const keyRoutes = makeKeyRoutes(
  makeManageKeys({
    keys: new DynamoKeyStore(dynamo, config.JOB_TABLE),
    now,
    newKeyParts: () => newApiKeyParts((limit) => randomInt(limit)),
  }),
);
const limitRoutes = makeLimitRoutes({
  quotasOfTenant: makeTenantQuotas({ tenants: new DynamoTenantStore(dynamo, config.JOB_TABLE), now }),
  placesInUse: makePlacesInUse({ places: new DynamoJobPlaces(dynamo, config.JOB_TABLE, Math.random), now }),
});
const usageRoutes = makeUsageRoutes({ usage: new DynamoUsageStore(dynamo, config.JOB_TABLE), now });
const descriptionRoutes = makeDescriptionRoutes({
  readFile: (name) => readFile(join(import.meta.dirname, name)),
  apiUrl,
});

export const handler = httpHandler({
  telemetry,
  tracing,
  rates: new DynamoRateStore(dynamo, config.JOB_TABLE),
  routes: routesOf('status-api', {
    'GET /v1/jobs': jobRoutes.list,
    'DELETE /v1/jobs/{id}': jobRoutes.erase,
    'POST /v1/jobs/{id}/cancel': jobRoutes.cancel,
    'GET /v1/jobs/{id}/outputs/{n}/content': jobRoutes.content,
    'GET /v1/batches/{id}': batchRoutes.get,
    'POST /v1/batches/{id}/cancel': batchRoutes.cancel,
    'GET /v1/models': modelRoutes.list,
    'GET /v1/models/{id}': modelRoutes.get,
    'POST /v1/keys': keyRoutes.create,
    'GET /v1/keys': keyRoutes.list,
    'GET /v1/keys/{id}': keyRoutes.get,
    'POST /v1/keys/{id}/rotate': keyRoutes.rotate,
    'POST /v1/keys/{id}/revoke': keyRoutes.revoke,
    'GET /v1/limits': limitRoutes.get,
    'GET /v1/usage': usageRoutes.get,
    'GET /v1/health': modelRoutes.health,
    'GET /v1/openapi.json': descriptionRoutes.openapi,
    'GET /docs': descriptionRoutes.docs,
  }),
});
