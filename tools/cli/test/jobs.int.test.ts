import { readdir } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TENANT_LIMITS, toProblem } from '@afterimage/job-schemas';
import { aJob, anOutput, JOB_ID, startFakeApi, type FakeApi } from '@afterimage/testing/fake-api';
import { aFolder, lines, run } from './run.ts';

const GET = `GET /v1/jobs/${JOB_ID}`;
const CANCEL = `POST /v1/jobs/${JOB_ID}/cancel`;
const OTHER_ID = JOB_ID.replace(/0$/, '1');

async function anApi(): Promise<FakeApi> {
  const api = await startFakeApi();
  onTestFinished(() => api[Symbol.asyncDispose]());
  return api;
}

const notFound = {
  status: 404,
  body: toProblem('not-found', { detail: 'no such job' }, { instance: '/', requestId: 'r-1' }),
};

describe('jobs ls', () => {
  const failed = aJob({ id: OTHER_ID, status: 'failed' });

  test('is a table on a terminal', async () => {
    const api = await anApi();
    api.on('GET /v1/jobs?limit=20', { status: 200, body: { data: [aJob(), failed], nextCursor: null } });
    const result = await run(['jobs', 'ls'], { apiUrl: api.url, isTerminal: true, env: { NO_COLOR: '1' } });
    expect(result.stdout.split('\n')).toEqual([
      `STATUS  MODEL     CREATED                   ID`,
      `queued  sketch-1  2026-01-02T03:04:05.006Z  ${JOB_ID}`,
      `failed  sketch-1  2026-01-02T03:04:05.006Z  ${OTHER_ID}`,
      '',
    ]);
  });

  test('has colours only where they are welcome', async () => {
    const api = await anApi();
    api.on('GET /v1/jobs?limit=20', { status: 200, body: { data: [failed], nextCursor: null } });
    const asked = (env: Record<string, string>) => run(['jobs', 'ls'], { apiUrl: api.url, isTerminal: true, env });
    expect((await asked({})).stdout).toContain('\u001B[31mfailed\u001B[39m');
    expect((await asked({ NO_COLOR: '1' })).stdout).not.toContain('\u001B');
    expect((await asked({ TERM: 'dumb' })).stdout).not.toContain('\u001B');
  });

  test('is a job a line elsewhere, over as many pages as it takes', async () => {
    const api = await anApi();
    api.on('GET /v1/jobs?limit=3&status=failed&model=m', {
      status: 200,
      body: { data: [aJob(), failed], nextCursor: 'c+1' },
    });
    api.on('GET /v1/jobs?limit=1&status=failed&model=m&cursor=c%2B1', {
      status: 200,
      body: { data: [aJob()], nextCursor: 'c2' },
    });
    const result = await run(['jobs', 'ls', '--limit', '3', '--status', 'failed', '--model', 'm'], { apiUrl: api.url });
    expect(result.exitCode).toBe(0);
    expect(lines(result).map(({ id }) => id)).toEqual([JOB_ID, OTHER_ID, JOB_ID]);
  });
});

describe('jobs get', () => {
  test('prints the job with fields that this release does not know', async () => {
    const api = await anApi();
    const job = { ...aJob(), aNewField: { deep: [1] } };
    api.on(GET, { status: 200, body: job });
    expect(JSON.parse((await run(['jobs', 'get', JOB_ID], { apiUrl: api.url, isTerminal: true })).stdout)).toEqual(job);
    expect(lines(await run(['jobs', 'get', JOB_ID], { apiUrl: api.url }))).toEqual([job]);
  });

  test('says that there is no such job', async () => {
    const api = await anApi();
    api.on(GET, notFound);
    const result = await run(['jobs', 'get', JOB_ID], { apiUrl: api.url });
    expect(result).toMatchObject({ exitCode: 2 });
    expect(result.stderr).toBe('error: Not found (not-found, 404): no such job\n  request r-1\n');
  });

  test('takes what is not a job for the server not being one', async () => {
    const api = await anApi();
    api.on(GET, { status: 200, body: { ...aJob(), id: '../../etc/passwd' } });
    const result = await run(['jobs', 'get', JOB_ID], { apiUrl: api.url });
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain('id: ');
  });
});

describe('jobs watch', () => {
  test('attaches to several jobs, and one that is not there does not end the others', async () => {
    const api = await anApi();
    const folder = await aFolder();
    const picture = new TextEncoder().encode('picture');
    const outputs = [anOutput(picture, `${api.url}/content`)];
    api.on(
      GET,
      { status: 200, body: aJob({ status: 'running', version: 2 }) },
      { status: 200, body: aJob({ status: 'succeeded', version: 3, outputs }) },
    );
    api.on(`GET /v1/jobs/${OTHER_ID}`, notFound);
    api.on('GET /content', { status: 302, headers: { location: '/file' } });
    api.on('GET /file', { status: 200, body: picture });
    const result = await run(['jobs', 'watch', JOB_ID, OTHER_ID, '-o', folder], { apiUrl: api.url });
    expect(result.exitCode).toBe(2);
    expect(
      lines(result)
        .map(({ event }) => event)
        .sort(),
    ).toEqual(['error', 'output', 'status', 'status']);
    expect(await readdir(folder)).toEqual([`${JOB_ID}-0.png`]);
  });

  test('without a folder saves nothing', async () => {
    const api = await anApi();
    api.on(GET, {
      status: 200,
      body: aJob({ status: 'succeeded', outputs: [anOutput(new Uint8Array(1), `${api.url}/content`)] }),
    });
    const result = await run(['jobs', 'watch', JOB_ID], { apiUrl: api.url });
    expect(result.exitCode).toBe(0);
    expect(api.requests).toHaveLength(1);
  });
});

describe('jobs cancel', () => {
  const canceling = { status: 202, body: aJob({ status: 'canceling', version: 3 }) };

  test('asks and returns', async () => {
    const api = await anApi();
    api.on(CANCEL, canceling);
    const result = await run(['jobs', 'cancel', JOB_ID], { apiUrl: api.url, isTerminal: true });
    expect(result).toMatchObject({ exitCode: 0, stdout: `${JOB_ID} canceling\n` });
  });

  test.each([
    ['canceled', 0],
    ['succeeded', 1],
  ] as const)('with --wait lasts to the end; %s is exit code %d', async (status, exitCode) => {
    const api = await anApi();
    api.on(CANCEL, canceling);
    api.on(GET, { status: 200, headers: { 'preference-applied': 'wait=20' }, body: aJob({ status, version: 4 }) });
    const result = await run(['jobs', 'cancel', '--wait', JOB_ID], { apiUrl: api.url });
    expect(result.exitCode).toBe(exitCode);
    expect(lines(result).map((line) => line.status)).toEqual(['canceling', status]);
  });
});

describe('jobs retry', () => {
  const RETRY = `POST /v1/jobs/${JOB_ID}/retry`;
  const again = aJob({ id: OTHER_ID, retryOf: JOB_ID });

  test('makes a new job with what is asked of it, and follows that one', async () => {
    const api = await anApi();
    api.on(RETRY, 'drop', { status: 202, headers: { etag: 'W/"1"' }, body: again });
    api.on(`GET /v1/jobs/${OTHER_ID}`, { status: 200, body: aJob({ id: OTHER_ID, status: 'succeeded', version: 2 }) });
    const result = await run(['jobs', 'retry', JOB_ID, '--seed', '8', '--priority', 'batch'], { apiUrl: api.url });
    expect(result.exitCode).toBe(0);
    expect(lines(result).map(({ jobId, status }) => [jobId, status])).toEqual([
      [OTHER_ID, 'queued'],
      [OTHER_ID, 'succeeded'],
    ]);
    const sent = api.requestsTo(RETRY);
    expect(sent.map(({ headers }) => headers['idempotency-key'])).toEqual(['"key-1"', '"key-1"']);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({ input: { seed: 8 }, policy: { priority: 'batch' } });
  });

  test('changes nothing that is not asked for, and with --no-wait does not follow', async () => {
    const api = await anApi();
    api.on(RETRY, { status: 202, body: again });
    const result = await run(['jobs', 'retry', JOB_ID, '--no-wait'], { apiUrl: api.url });
    expect(lines(result)).toMatchObject([{ event: 'status', jobId: OTHER_ID, status: 'queued' }]);
    expect(api.requests.map(({ body }) => JSON.parse(body))).toEqual([{ input: {}, policy: {} }]);
  });
});

describe('jobs rm', () => {
  test('erases every job that it can', async () => {
    const api = await anApi();
    api.on(`DELETE /v1/jobs/${JOB_ID}`, notFound);
    api.on(`DELETE /v1/jobs/${OTHER_ID}`, { status: 204 });
    const result = await run(['jobs', 'rm', JOB_ID, OTHER_ID], { apiUrl: api.url });
    expect(result.exitCode).toBe(2);
    expect(lines(result)).toMatchObject([
      { event: 'error', exitCode: 2 },
      { event: 'erased', jobId: OTHER_ID },
    ]);
  });

  test('says so on a terminal', async () => {
    const api = await anApi();
    api.on(`DELETE /v1/jobs/${JOB_ID}`, { status: 204 });
    const result = await run(['jobs', 'rm', JOB_ID], { apiUrl: api.url, isTerminal: true });
    expect(result).toMatchObject({ exitCode: 0, stdout: `${JOB_ID} erased\n`, stderr: '' });
  });
});

describe('models', () => {
  const sketch = { id: 'sketch-1', tasks: ['text-to-image', 'upscale'], description: 'Draws.' };
  const other = { id: 'm', tasks: ['a-new-task'], description: 'Dances.' };

  test('are a table on a terminal, and a model a line elsewhere', async () => {
    const api = await anApi();
    api.on('GET /v1/models', { status: 200, body: { data: [sketch, other], nextCursor: null } });
    expect((await run(['models'], { apiUrl: api.url, isTerminal: true })).stdout.split('\n')).toEqual([
      'ID        TASKS                   DESCRIPTION',
      'sketch-1  text-to-image, upscale  Draws.',
      'm         a-new-task              Dances.',
      '',
    ]);
    expect(lines(await run(['models'], { apiUrl: api.url }))).toEqual([sketch, other]);
  });

  test('one comes with the schemas of its inputs', async () => {
    const api = await anApi();
    const detail = { ...sketch, inputSchemas: { upscale: { type: 'object' } } };
    api.on('GET /v1/models/sketch-1', { status: 200, body: detail });
    expect(lines(await run(['models', 'sketch-1'], { apiUrl: api.url }))).toEqual([detail]);
  });
});

test('limits are printed as the API has them', async () => {
  const api = await anApi();
  api.on('GET /v1/limits', { status: 200, body: TENANT_LIMITS });
  const result = await run(['limits'], { apiUrl: api.url, isTerminal: true });
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toBe(`${JSON.stringify(TENANT_LIMITS, null, 2)}\n`);
  expect(lines(await run(['limits'], { apiUrl: api.url }))).toEqual([TENANT_LIMITS]);
});

describe('usage', () => {
  test.each([
    [['jobs', 'get', 'nonsense'], 'must be a job id'],
    [['generate', 'x', '--size', '512'], 'must be WIDTHxHEIGHT'],
    [['generate', 'x', '-n', 'two'], 'must be a whole number'],
    [['generate', 'x', '--guidance', ''], 'must be a number'],
    [['generate', 'x', '--format', 'gif'], 'Allowed choices are png, jpeg, webp'],
    [['generate'], 'nothing to make'],
    [['generate', 'x', '--sise', '1x1'], 'Did you mean --size'],
    [['jobs', 'ls', '--limit', '0'], 'must be at least 1'],
  ])('%j is refused before any request', async (args, message) => {
    const api = await anApi();
    const result = await run(args, { apiUrl: api.url });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(message);
    expect(api.requests).toEqual([]);
  });

  test('help and version are no errors', async () => {
    expect(await run(['--version'])).toMatchObject({ exitCode: 0, stdout: '0.1.0\n' });
    expect((await run(['generate', '--help'])).stdout).toContain('--seed');
  });
});
