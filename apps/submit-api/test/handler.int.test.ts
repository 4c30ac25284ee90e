import { createHash } from 'node:crypto';
import {
  createDynamoClient,
  createSqsClient,
  createTableInput,
  DynamoJobStore,
  SqsMessageQueue,
} from '@afterimage/job-aws';
import type { JobChange } from '@afterimage/job-core';
import { jobMessageSchema, jobPreviewSchema, jobSchema, problemSchema, uploadSchema } from '@afterimage/job-schemas';
import { aCreateJobBody, aJobRecord, anId } from '@afterimage/testing';
import { type EmbeddedAws, type EmbeddedQueue, startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import type { Context } from 'aws-lambda';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { handler as submitHandler } from '../src/handler.ts';
import { POOLS } from '@afterimage/job-commands/bench';

let aws: EmbeddedAws;
let handler: typeof submitHandler;
let jobs: DynamoJobStore;
let requests: EmbeddedQueue;
let directory: string;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  directory = await mkdtemp(join(tmpdir(), 'submit-api-'));
  const poolsFile = join(directory, 'pools.json');
  await writeFile(poolsFile, JSON.stringify(POOLS));
  const table = await aws.createTable(createTableInput('jobs'));
  requests = await aws.createQueue('local-interactive');
  const jobRequests = await aws.createTopic('job-requests');
  await aws.subscribe(jobRequests, requests.arn);
  const env = {
    ...aws.env,
    JOB_TABLE: table,
    JOB_REQUESTS_TOPIC_ARN: jobRequests,
    JOB_EVENTS_TOPIC_ARN: await aws.createTopic('job-events'),
    OUTPUT_BUCKET: 'outputs',
    WAIT_POLL_INTERVAL_MS: '50',
    INPUT_BUCKET: await aws.createBucket('inputs'),
    API_URL: 'https://api.example.com/',
    POOLS_FILE: poolsFile,
    LOG_LEVEL: 'ERROR',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  ({ handler } = await import('../src/handler.ts'));
  jobs = new DynamoJobStore(createDynamoClient(aws.options.dynamodb), table);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
  await rm(directory, { recursive: true });
});

interface Call {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly scopes?: string;
}

async function post(resource: string, { body, headers = {}, id, query = {}, scopes }: Call = {}) {
  const authorizer = { tenantId: 'tenant-1', keyId: 'key-1', scopes: scopes ?? 'jobs:write uploads:write' };
  const event = {
    httpMethod: 'POST',
    resource,
    path: resource.replace('{id}', id ?? ''),
    headers: { 'content-type': 'application/json', ...headers },
    pathParameters: id === undefined ? null : { id },
    multiValueQueryStringParameters: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])),
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1', authorizer },
  };
  const result = await handler(event, { getRemainingTimeInMillis: () => 29_000 } as Context);
  return { status: result.statusCode, headers: result.headers ?? {}, json: JSON.parse(result.body) };
}

/** Takes the next claim check out of the queue. */
async function nextRequest(): Promise<unknown> {
  const queue = new SqsMessageQueue(createSqsClient(aws.options.sqs), requests.url);
  const { signal } = new AbortController();
  const [message] = await queue.receive({ max: 1, waitSeconds: 5, visibilitySeconds: 60, signal });
  if (message === undefined) throw new Error('there is no message');
  await queue.delete(message.receiptHandle);
  return JSON.parse(message.body);
}

test('a job is put and its claim check published; the same key once more is the same job', async () => {
  const call = { body: aCreateJobBody(), headers: { 'idempotency-key': '"key-1"' } };

  const first = await post('/v1/jobs', call);
  const second = await post('/v1/jobs', call);

  const { id } = jobSchema.strict().parse(first.json);
  expect(first).toMatchObject({ status: 202, headers: { location: `https://api.example.com/v1/jobs/${id}` } });
  expect(second).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' }, json: { id } });
  expect(await nextRequest()).toMatchObject({ jobId: id, attempt: 1 });
  expect(await jobs.get(id)).toMatchObject({ isPublished: true });
});

test('a client that prefers to wait gets the end of its job, with URLs of its outputs', async () => {
  const output = {
    index: 0,
    key: 'outputs/0.png',
    contentType: 'image/png',
    width: 64,
    height: 64,
    bytes: 1,
    sha256: 'ab',
    seed: 1,
    thumbnailKey: null,
  };
  const waiting = post('/v1/jobs', { body: aCreateJobBody(), headers: { prefer: 'wait=20' } });
  const { jobId } = jobMessageSchema.parse(await nextRequest());
  const end: JobChange = {
    guard: { status: ['queued'] },
    set: { status: 'succeeded', outputs: [output] },
    bumpsVersion: true,
  };
  await jobs.change(jobId, end);

  const { status, headers, json } = await waiting;

  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'preference-applied': 'wait=20', etag: 'W/"2"' });
  expect(headers).not.toHaveProperty('retry-after');
  expect(jobSchema.parse(json)).toMatchObject({ id: jobId, status: 'succeeded' });
  expect(jobSchema.parse(json).outputs[0]?.url).toContain('X-Amz-Signature');
});

test('a dry run shows the job that would be, and leaves no trace', async () => {
  const call = { body: aCreateJobBody(), query: { dryRun: 'true' }, headers: { 'idempotency-key': 'key-dry' } };

  const { status, json } = await post('/v1/jobs', call);

  expect(status).toBe(200);
  expect(jobPreviewSchema.strict().parse(json)).toMatchObject({ pool: 'local', input: { seed: null, steps: 20 } });
  const { headers } = await post('/v1/jobs', { ...call, query: {} });
  expect(headers).not.toHaveProperty('idempotency-replayed');
  expect(await nextRequest()).toMatchObject({ attempt: 1 });
});

test('a retry of a job that has ended is a job of its own in the queue', async () => {
  const source = aJobRecord({ status: 'failed', createdAt: new Date().toISOString(), dueAt: null });
  await jobs.create(source);

  const { status, json } = await post('/v1/jobs/{id}/retry', { id: source.id });

  const job = jobSchema.strict().parse(json);
  expect(status).toBe(202);
  expect(job).toMatchObject({ retryOf: source.id, input: source.input });
  expect(await nextRequest()).toMatchObject({ jobId: job.id });
  expect(await jobs.get(job.id)).toMatchObject({ retryOf: source.id, isPublished: true });
});

test('an upload is put to the URL, and is there for the next time', async () => {
  const file = Buffer.from('the bytes of a picture');
  const sha256 = createHash('sha256').update(file).digest('hex');
  const body = { contentType: 'image/png', bytes: file.byteLength, sha256 };

  const first = await post('/v1/uploads', { body });
  const upload = uploadSchema.strict().parse(first.json);
  expect(first).toMatchObject({ status: 201, json: { deduplicated: false, method: 'PUT' } });
  const put = await fetch(upload.url ?? '', { method: 'PUT', headers: upload.headers ?? {}, body: file });
  expect(put.status).toBe(200);

  expect(await post('/v1/uploads', { body })).toMatchObject({
    status: 201,
    json: { id: upload.id, deduplicated: true, url: null },
  });
});

test.each([
  ['/v1/jobs', 'uploads:write', aCreateJobBody(), 403, 'insufficient-scope'],
  ['/v1/uploads', 'jobs:write', {}, 403, 'insufficient-scope'],
  ['/v1/jobs/{id}/retry', 'jobs:write', undefined, 404, 'not-found'],
  ['/v1/uploads', 'uploads:write', { contentType: 'image/gif', bytes: 0, sha256: 'X' }, 422, 'validation-failed'],
])('POST %s with the scope %s and the body %o is refused', async (resource, scopes, body, status, code) => {
  const answer = await post(resource, { scopes, id: anId('job'), ...(body === undefined ? {} : { body }) });

  expect(answer.status).toBe(status);
  expect(problemSchema.parse(answer.json).code).toBe(code);
});
