import { describe, expect, test } from 'vitest';
import { TENANT_LIMITS } from '@afterimage/job-schemas';
import { aJob, aProgress, JOB_ID } from '@afterimage/testing/fake-api';
import { type Job, JobFailedError, WaitTimeoutError } from '../src/index.ts';
import { aClient, anApi, jobReply, REQUEST } from './a-client.ts';

const CREATE = 'POST /v1/jobs';
const GET = `GET /v1/jobs/${JOB_ID}`;
const accepted = { status: 202, headers: { etag: 'W/"1"' }, body: aJob() };
const RUNNING = aJob({ status: 'running', phase: 'inferring', version: 2, progress: aProgress() });
const SUCCEEDED = aJob({ status: 'succeeded', version: 3 });

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const each of all) seen.push(each);
  return seen;
}

describe('run', () => {
  test('follows the job by long polls to its end', async () => {
    const api = await anApi();
    const { client, pauses } = aClient(api);
    api.on(CREATE, accepted);
    const unchanged = { status: 304, headers: { etag: 'W/"1"', 'preference-applied': 'wait=20' } };
    api.on(GET, unchanged, jobReply(RUNNING), jobReply(SUCCEEDED));
    const handle = await client.run(REQUEST);
    expect(handle.job).toEqual(SUCCEEDED);
    expect(handle.isFinished).toBe(true);
    expect(api.requestsTo(GET).map(({ headers }) => [headers.prefer, headers['if-none-match']])).toEqual([
      ['wait=20', 'W/"1"'],
      ['wait=20', 'W/"1"'],
      ['wait=20', 'W/"2"'],
    ]);
    expect(pauses).toEqual([]);
  });

  test('asks for progress only where somebody listens', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    const seen: (number | undefined)[] = [];
    api.on(CREATE, accepted);
    const further = { ...RUNNING, progress: aProgress({ fraction: 0.75 }) };
    api.on(GET, jobReply(RUNNING), jobReply(further), jobReply(SUCCEEDED));
    await client.run(REQUEST, { onProgress: (job) => seen.push(job.progress?.fraction) });
    expect(seen).toEqual([undefined, 0.5, 0.75, undefined]);
    expect(api.requestsTo(GET).map(({ headers }) => [headers.prefer, headers['if-none-match']])).toEqual([
      ['wait=20', 'W/"1"'],
      ['wait=1', undefined],
      ['wait=1', undefined],
    ]);
  });

  test.each(['failed', 'canceled', 'expired'] as const)(
    'a job that is %s is an error that carries it',
    async (status) => {
      const api = await anApi();
      const { client } = aClient(api);
      const error =
        status === 'failed'
          ? ({ code: 'out_of_memory', message: 'too big', stage: 'inferring', attempt: 1, retryable: false } as const)
          : null;
      api.on(CREATE, accepted);
      api.on(GET, jobReply(aJob({ status, version: 2, error })));
      const reason: unknown = await client.run(REQUEST).catch((caught: unknown) => caught);
      expect(reason).toBeInstanceOf(JobFailedError);
      expect(reason).toMatchObject({ code: error?.code ?? status, handle: { id: JOB_ID, job: { status } } });
    },
  );

  test('goes on at a status that it does not know, at the pace of Retry-After, and until a signal', async () => {
    const api = await anApi();
    const controller = new AbortController();
    const { client, pauses } = aClient(api);
    // It claims to have waited; a client that believes it would poll as fast as it can.
    const archived = jobReply({ ...aJob({ version: 2 }), status: 'archived' } as never, { 'retry-after': '5' });
    api.on(CREATE, accepted);
    api.on(GET, archived);
    const seen: string[] = [];
    const onProgress = ({ status }: Job) => {
      seen.push(status);
      if (seen.length === 4) controller.abort(new Error('enough'));
    };
    await expect(client.run(REQUEST, { signal: controller.signal, onProgress })).rejects.toThrow('enough');
    expect(seen).toEqual(['queued', 'archived', 'archived', 'archived']);
    expect(pauses).toEqual([5000, 5000]);
  });

  test('ends after the wait time with the handle, and leaves the job alone', async () => {
    const api = await anApi();
    const { client, timeouts } = aClient(api);
    api.on(CREATE, accepted);
    api.on(GET, jobReply({ ...aJob({ version: 2 }), status: 'archived' } as never));
    const onProgress = ({ status }: Job) => {
      if (status === 'archived') timeouts.find(({ delayMs }) => delayMs === 60_000)?.end();
    };
    const reason: unknown = await client
      .run(REQUEST, { waitMs: 60_000, onProgress })
      .catch((caught: unknown) => caught);
    expect(reason).toBeInstanceOf(WaitTimeoutError);
    expect(reason).toMatchObject({ code: 'wait-timeout', handle: { id: JOB_ID, job: { status: 'archived' } } });
    expect(String(reason)).toContain('is still archived after 60000 ms');
    expect(api.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  test('waits itself when the API does not', async () => {
    const api = await anApi();
    const { client, pauses } = aClient(api);
    api.on(CREATE, accepted);
    const answers = [{ 'retry-after': '3' }, {}].map((headers) => ({ status: 200, headers, body: RUNNING }));
    api.on(GET, { status: 304 }, ...answers, jobReply(SUCCEEDED));
    await client.run(REQUEST);
    expect(pauses).toEqual([2000, 3000, 2000]);
  });
});

describe('a handle', () => {
  test('of a finished job needs no request to wait', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(GET, jobReply(SUCCEEDED));
    const handle = await client.jobs.get(JOB_ID);
    await handle.wait();
    expect(await collect(handle.updates())).toEqual([SUCCEEDED]);
    expect(api.requests).toHaveLength(1);
  });

  test('is not taken back by a reply that was overtaken', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(GET, jobReply(SUCCEEDED), jobReply(RUNNING));
    const handle = await client.jobs.get(JOB_ID);
    expect((await handle.refresh()).status).toBe('succeeded');
  });

  test('cancels its job, and the updates go on to the end', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(GET, jobReply(RUNNING), jobReply(aJob({ status: 'canceled', version: 4 })));
    api.on(`${GET.replace('GET', 'POST')}/cancel`, { status: 202, body: aJob({ status: 'canceling', version: 3 }) });
    const handle = await client.jobs.get(JOB_ID);
    expect((await handle.cancel()).status).toBe('canceling');
    const states = await collect(handle.updates());
    expect(states.map(({ status }) => status)).toEqual(['canceling', 'canceled']);
    expect(api.requestsTo(GET)[1]?.headers['if-none-match']).toBeUndefined();
  });

  test('keeps fields that this release does not know', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    const job = { ...aJob(), phase: 'second_look', aNewField: { deep: [1] } };
    api.on(GET, { status: 200, body: job });
    expect((await client.jobs.get(JOB_ID)).job).toEqual(job);
  });
});

describe('a job that has ended', () => {
  const RETRY = `POST /v1/jobs/${JOB_ID}/retry`;
  const DELETE = `DELETE /v1/jobs/${JOB_ID}`;

  test('is retried as a new job, once whatever gets lost', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    const again = aJob({ id: JOB_ID.replace(/0$/, '1'), retryOf: JOB_ID });
    api.on(RETRY, 'drop', { status: 202, body: again });
    const handle = await client.jobs.retry(JOB_ID, { input: { seed: 8 } });
    expect(handle.job).toEqual(again);
    const sent = api.requestsTo(RETRY);
    const key = '"key-1"';
    expect(sent.map(({ headers }) => headers['idempotency-key'])).toEqual([key, key]);
    expect(sent.map(({ body }) => JSON.parse(body))).toEqual([{ input: { seed: 8 } }, { input: { seed: 8 } }]);
  });

  test('is deleted, also when the first reply is lost', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(DELETE, 'drop', { status: 204 });
    expect(await client.jobs.delete(JOB_ID)).toBeUndefined();
    expect(api.requestsTo(DELETE)).toHaveLength(2);
  });

  test('is the only one that can be', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    const problem = { status: 409, body: { title: 'Job not terminal', code: 'job-not-terminal', detail: 'it runs' } };
    api.on(RETRY, problem);
    api.on(DELETE, problem);
    await expect(client.jobs.retry(JOB_ID)).rejects.toMatchObject({ code: 'job-not-terminal' });
    await expect(client.jobs.delete(JOB_ID)).rejects.toMatchObject({ code: 'job-not-terminal' });
    expect(api.requests).toHaveLength(2);
  });
});

describe('lists', () => {
  const failed = aJob({ status: 'failed' });

  test('are as many pages as it takes, and no more', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    const filter = 'status=failed&model=m&createdAfter=2026-01-01T00%3A00%3A00.000Z';
    api.on(`GET /v1/jobs?limit=3&${filter}`, { status: 200, body: { data: [failed, failed], nextCursor: 'c+1' } });
    api.on(`GET /v1/jobs?limit=1&${filter}&cursor=c%2B1`, { status: 200, body: { data: [aJob()], nextCursor: 'c2' } });
    const list = client.jobs.list({ status: 'failed', model: 'm', createdAfter: new Date('2026-01-01'), limit: 3 });
    expect((await collect(list)).map(({ status }) => status)).toEqual(['failed', 'failed', 'queued']);
    expect((await collect(list.pages())).map(({ data }) => data.length)).toEqual([2, 1]);
  });

  test('without a limit go on to the last page, one page at a time', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on('GET /v1/jobs?limit=100', { status: 200, body: { data: [failed], nextCursor: 'c1' } });
    api.on('GET /v1/jobs?limit=100&cursor=c1', { status: 200, body: { data: [], nextCursor: null } });
    for await (const job of client.jobs.list()) {
      expect(job).toEqual(failed);
      expect(api.requests).toHaveLength(1);
    }
    expect(api.requests).toHaveLength(2);
  });

  test('are of jobs', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on('GET /v1/jobs?limit=100', { status: 200, body: { data: [failed, { id: 1 }], nextCursor: null } });
    await expect(collect(client.jobs.list())).rejects.toThrow('not what this version');
    expect(() => client.jobs.list({ limit: 0 })).toThrow('limit');
  });
});

test('models are listed and looked up, with tasks that this release does not know', async () => {
  const api = await anApi();
  const { client } = aClient(api);
  const model = { id: 'sketch/1', tasks: ['text-to-video'] };
  api.on('GET /v1/models', { status: 200, body: { data: [model], nextCursor: null } });
  const detail = { ...model, inputSchemas: { 'text-to-video': { type: 'object' } } };
  api.on('GET /v1/models/sketch%2F1', { status: 200, body: detail }, { status: 200, body: model });
  expect(await client.models.list()).toEqual([model]);
  expect(await client.models.get('sketch/1')).toEqual(detail);
  await expect(client.models.get('sketch/1')).rejects.toThrow('not what this version');
  await expect(client.models.get('..')).rejects.toThrow(TypeError);
});

test('limits are as the API has them', async () => {
  const api = await anApi();
  const { client } = aClient(api);
  const limits = { ...TENANT_LIMITS, aNewLimit: 1 };
  api.on('GET /v1/limits', { status: 200, body: limits }, { status: 200, body: {} });
  expect(await client.limits()).toEqual(limits);
  await expect(client.limits()).rejects.toMatchObject({ code: 'unexpected-reply' });
});

describe('a preview', () => {
  const PREVIEW = {
    object: 'job.preview',
    model: 'sketch-1',
    input: { prompt: 'a lighthouse', seed: null },
    queue: { ahead: null, estimatedStartSeconds: 2 },
    estimatedRunSeconds: 8,
  };

  test('is what the API would make of the request, and makes nothing', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on('POST /v1/jobs?dryRun=true', { status: 503 }, { status: 200, body: PREVIEW });

    expect(await client.jobs.preview(REQUEST)).toEqual(PREVIEW);

    const sent = api.requestsTo('POST /v1/jobs?dryRun=true');
    expect(sent.map(({ body }) => JSON.parse(body))).toEqual([REQUEST, REQUEST]);
    expect(api.requests).toHaveLength(2);
  });

  test('is none when a job comes back', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on('POST /v1/jobs?dryRun=true', { status: 202, body: aJob() });

    await expect(client.jobs.preview(REQUEST)).rejects.toMatchObject({ code: 'unexpected-reply' });
  });
});
