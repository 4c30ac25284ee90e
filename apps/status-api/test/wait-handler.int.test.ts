import { createHash } from 'node:crypto';
import {
  createDynamoClient,
  createS3Client,
  createTableInput,
  DynamoJobStore,
  DynamoWaiterSlots,
  S3OutputStore,
} from '@afterimage/job-aws';
import { claim, erase, outputPrefix, succeed } from '@afterimage/job-core';
import { type JobRecord, jobSchema, jobTimelineSchema, LIMITS, problemSchema } from '@afterimage/job-schemas';
import { aJobRecord, fakeAwslambda, invokeStreaming } from '@afterimage/testing';
import { type EmbeddedAws, startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readFrames } from './a-stream.ts';
import { OUTPUT } from './bench.ts';

let aws: EmbeddedAws;
let handler: unknown;
let jobs: DynamoJobStore;
let outputs: S3OutputStore;
let slots: DynamoWaiterSlots;
let holders = 0;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  const env = {
    ...aws.env,
    JOB_TABLE: await aws.createTable(createTableInput('jobs')),
    OUTPUT_BUCKET: await aws.createBucket('outputs'),
    API_URL: 'https://api.example.com/',
    LOG_LEVEL: 'ERROR',
    WAIT_POLL_INTERVAL_MS: '50',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  vi.stubGlobal('awslambda', fakeAwslambda);
  ({ handler } = await import('../src/wait-handler.ts'));
  const dynamo = createDynamoClient(aws.options.dynamodb);
  jobs = new DynamoJobStore(dynamo, 'jobs');
  outputs = new S3OutputStore(createS3Client(aws.options.s3), 'outputs');
  slots = new DynamoWaiterSlots(dynamo, 'jobs', { limit: LIMITS.waiters, newHolder: () => `holder-${(holders += 1)}` });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await aws.stop();
});

function ask(path: '' | '/events', { id, tenantId }: JobRecord, headers: Readonly<Record<string, string>> = {}) {
  const event = {
    httpMethod: 'GET',
    resource: `/v1/jobs/{id}${path}`,
    path: `/v1/jobs/${id}${path}`,
    headers,
    pathParameters: { id },
    multiValueQueryStringParameters: null,
    body: null,
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1', authorizer: { tenantId, keyId: 'key-1', scopes: 'jobs:read' } },
  };
  return invokeStreaming(handler, event, { getRemainingTimeInMillis: () => 900_000 });
}

let tenants = 0;
/** A record is there for 30 days by the clock. */
const createdAt = new Date().toISOString();
const aJob = async () => (await jobs.create(aJobRecord({ tenantId: `tenant-${(tenants += 1)}`, createdAt }))).job;

const takeJob = ({ id }: JobRecord) =>
  jobs.change(
    id,
    claim({ attempt: 1, owner: 'worker-1', token: 'token-1', now: new Date(createdAt), leaseSeconds: 30 }),
  );

async function finishJob(job: JobRecord): Promise<JobRecord | undefined> {
  const key = `${outputPrefix(job)}1/0.png`;
  const sha256 = createHash('sha256').update('x').digest('hex');
  await outputs.put({ key, body: Buffer.from('x'), contentType: 'image/png', sha256 });
  const { timings } = job;
  const made = [{ ...OUTPUT, key, thumbnailKey: null }];
  return jobs.change(
    job.id,
    succeed({ token: 'token-1', attempt: 1, now: new Date(), outputs: made, progress: null, timings }),
  );
}

async function fillSlots(tenantId: string) {
  const now = new Date();
  const held = [];
  for (let index = 0; index < LIMITS.waiters; index++) {
    held.push(await slots.take(tenantId, { now, until: new Date(now.getTime() + 60_000) }));
  }
  return held;
}

describe('GET /v1/jobs/{id}', () => {
  test('shows a job with a signed URL that yields its file', async () => {
    const job = await aJob();
    await takeJob(job);
    await finishJob(job);

    const answer = ask('', job);

    expect(await answer.prelude).toMatchObject({ statusCode: 200, headers: { etag: 'W/"3"' } });
    // The job says when its files expire; that of the builder is long over.
    expect(jobSchema.strict().parse(JSON.parse(await answer.text())).outputs).toHaveLength(1);
  });

  test('answers a wait as soon as the job has changed', async () => {
    const job = await aJob();
    const answer = ask('', job, { prefer: 'wait=20', 'if-none-match': 'W/"1"' });
    await takeJob(job);

    expect(await answer.prelude).toMatchObject({ statusCode: 200, headers: { 'preference-applied': 'wait=20' } });
    expect(jobSchema.parse(JSON.parse(await answer.text()))).toMatchObject({ status: 'running', version: 2 });
  });

  test('answers at once when all places of the tenant are taken, until one is given back', async () => {
    const job = await aJob();
    const held = await fillSlots(job.tenantId);

    const crowded = await ask('', job, { prefer: 'wait=20' }).prelude;
    await held[0]?.release();
    const waiting = ask('', job, { prefer: 'wait=20', 'if-none-match': 'W/"1"' });
    await takeJob(job);

    expect(crowded.statusCode).toBe(200);
    expect(crowded.headers).not.toHaveProperty('preference-applied');
    expect((await waiting.prelude).headers).toHaveProperty('preference-applied');
  });

  test('is a 404 problem once the job is erased', async () => {
    const job = await aJob();
    await takeJob(job);
    const ended = await finishJob(job);
    if (ended !== undefined) await jobs.change(job.id, erase(ended, new Date()));

    const answer = ask('', job);

    expect(await answer.prelude).toMatchObject({ statusCode: 404 });
    expect(problemSchema.parse(JSON.parse(await answer.text()))).toMatchObject({ code: 'not-found' });
    expect(await jobs.get(job.id)).toMatchObject({ timeline: [] });
  });
});

describe('GET /v1/jobs/{id}/events', () => {
  test('streams what happens, resumes after the last event, and ends', async () => {
    const job = await aJob();
    const stream = { accept: 'text/event-stream' };
    const first = ask('/events', job, stream);
    expect(await first.prelude).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/event-stream' } });
    await vi.waitFor(() => expect(first.body.readableLength).toBeGreaterThan(100));
    first.cut();
    await takeJob(job);
    await finishJob(job);

    const second = ask('/events', job, { ...stream, 'last-event-id': '1' });
    const frames = readFrames((await second.text()).split('\n\n').slice(0, -1));

    expect(frames.map(({ id, name }) => `${id} ${name}`).slice(1)).toEqual([
      '2 status',
      '3 status',
      '4 output',
      '5 end',
    ]);
    await second.over;
    expect((await ask('/events', job, { ...stream, 'last-event-id': '5' }).prelude).statusCode).toBe(204);
  });

  test('shows the timeline as JSON', async () => {
    const job = await aJob();
    await takeJob(job);

    const { data } = jobTimelineSchema.strict().parse(JSON.parse(await ask('/events', job).text()));

    expect(data).toMatchObject([{ status: 'queued' }, { status: 'running', phase: 'preparing', attempt: 1 }]);
  });

  test('gives its place back when its client has gone', async () => {
    const job = await aJob();
    const streams = LIMITS.waiters + 1;
    const answers = Array.from({ length: streams }, () => ask('/events', job, { accept: 'text/event-stream' }));
    // The one that is sent away found every place taken.
    await Promise.race(answers.map(({ over }) => over));
    expect(await isFull(job.tenantId)).toBe(true);

    for (const answer of answers) answer.cut();

    await vi.waitFor(async () => expect(await isFull(job.tenantId)).toBe(false), { timeout: 10_000 });
  });

  async function isFull(tenantId: string): Promise<boolean> {
    const now = new Date();
    const slot = await slots.take(tenantId, { now, until: new Date(now.getTime() + 1000) });
    await slot?.release();
    return slot === undefined;
  }

  test('refuses a type that there is none of', async () => {
    const answer = ask('/events', await aJob(), { accept: 'text/html' });

    expect(await answer.prelude).toMatchObject({ statusCode: 406 });
  });
});
