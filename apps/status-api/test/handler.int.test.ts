import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createDynamoClient,
  createS3Client,
  createTableInput,
  DynamoJobStore,
  S3OutputStore,
} from '@afterimage/job-aws';
import { outputPrefix } from '@afterimage/job-core';
import { type JobRecord, jobListSchema, modelDetailSchema, tenantLimitsSchema } from '@afterimage/job-schemas';
import { aJobRecord } from '@afterimage/testing';
import { type EmbeddedAws, startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { handler as statusHandler } from '../src/handler.ts';
import { OUTPUT } from './bench.ts';

const POOLS = { pools: [{ name: 'local', engine: 'sketch', models: [{ id: 'sketch-1', tasks: ['text-to-image'] }] }] };

let aws: EmbeddedAws;
let handler: typeof statusHandler;
let jobs: DynamoJobStore;
let outputs: S3OutputStore;
let directory: string;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  directory = await mkdtemp(join(tmpdir(), 'status-api-'));
  await writeFile(join(directory, 'pools.json'), JSON.stringify(POOLS));
  const env = {
    ...aws.env,
    JOB_TABLE: await aws.createTable(createTableInput('jobs')),
    OUTPUT_BUCKET: await aws.createBucket('outputs'),
    JOB_EVENTS_TOPIC_ARN: await aws.createTopic('job-events'),
    API_URL: 'https://api.example.com/',
    POOLS_FILE: join(directory, 'pools.json'),
    CURSOR_SECRET: 's'.repeat(32),
    LOG_LEVEL: 'ERROR',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  ({ handler } = await import('../src/handler.ts'));
  jobs = new DynamoJobStore(createDynamoClient(aws.options.dynamodb), 'jobs');
  outputs = new S3OutputStore(createS3Client(aws.options.s3), 'outputs');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
  await rm(directory, { recursive: true });
});

async function call(route: string, parameters: Readonly<Record<string, string>> = {}) {
  const [httpMethod = '', resource = ''] = route.split(' ');
  const event = {
    httpMethod,
    resource,
    path: resource.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? ''),
    headers: {},
    pathParameters: parameters,
    multiValueQueryStringParameters: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      requestId: 'request-1',
      authorizer: { tenantId: 'tenant-1', keyId: 'key-1', scopes: 'jobs:read jobs:write' },
    },
  };
  const { statusCode, headers, body } = await handler(event, { getRemainingTimeInMillis: () => 29_000 } as Context);
  return { status: statusCode, headers, json: body === '' ? undefined : JSON.parse(body) };
}

/** A job that has ended, with a file in the bucket. */
async function aStoredJob(): Promise<JobRecord> {
  const createdAt = new Date().toISOString();
  const job = aJobRecord({ status: 'succeeded', createdAt, expiresAt: '2999-01-01T00:00:00.000Z' });
  const key = `${outputPrefix(job)}1/0.png`;
  const sha256 = createHash('sha256').update('x').digest('hex');
  await outputs.put({ key, body: Buffer.from('x'), contentType: 'image/png', sha256 });
  return (await jobs.create({ ...job, outputs: [{ ...OUTPUT, key, thumbnailKey: null }] })).job;
}

test('an erased job has no files, and is in no list; erasing it again is the same', async () => {
  const job = await aStoredJob();
  const parameters = { id: job.id, n: '0' };

  expect(await call('DELETE /v1/jobs/{id}', parameters)).toMatchObject({ status: 204, json: undefined });
  expect(await call('DELETE /v1/jobs/{id}', parameters)).toMatchObject({ status: 204 });

  expect(await outputs.exists(`${outputPrefix(job)}1/0.png`)).toBe(false);
  expect(await jobs.get(job.id)).toMatchObject({ isAnnounced: true, dueAt: null, outputs: [] });
  expect(await call('GET /v1/jobs/{id}/outputs/{n}/content', parameters)).toMatchObject({ status: 410 });
  const list = jobListSchema.parse((await call('GET /v1/jobs')).json);
  expect(list.data.map(({ id }) => id)).not.toContain(job.id);
});

test('a model is shown with the schema of its input, and the limits as they are', async () => {
  const model = await call('GET /v1/models/{id}', { id: 'sketch-1' });
  const limits = await call('GET /v1/limits');

  expect(modelDetailSchema.strict().parse(model.json).inputSchemas).toHaveProperty('text-to-image.properties.prompt');
  expect(tenantLimitsSchema.strict().parse(limits.json).object).toBe('limits');
});
