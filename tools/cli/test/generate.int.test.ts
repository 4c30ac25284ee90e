import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toProblem, type Job } from '@afterimage/job-schemas';
import {
  aJob,
  anOutput,
  aProgress,
  JOB_ID,
  startFakeApi,
  type FakeApi,
  type FakeReply,
} from '@afterimage/testing/fake-api';
import { aFolder, lines, NOW, run } from './run.ts';

const CREATE = 'POST /v1/jobs';
const GET = `GET /v1/jobs/${JOB_ID}`;
const PICTURE = new TextEncoder().encode('not really a picture');

async function anApi(): Promise<FakeApi> {
  const api = await startFakeApi();
  onTestFinished(() => api[Symbol.asyncDispose]());
  api.on('GET /v1/models', {
    status: 200,
    body: { data: [{ id: 'sketch-1', tasks: ['text-to-image'] }], nextCursor: null },
  });
  api.on(CREATE, { status: 202, headers: { etag: 'W/"1"' }, body: aJob() });
  return api;
}

function jobReply(job: Job): FakeReply {
  return { status: 200, headers: { etag: `W/"${job.version}"`, 'preference-applied': 'wait=20' }, body: job };
}

const SUCCEEDED = aJob({ status: 'succeeded', version: 4, progress: aProgress({ fraction: 1, step: 20 }) });

describe('generate', () => {
  test('sends what was asked, follows the job by long polls, and saves the picture', async () => {
    const api = await anApi();
    const bucket = await startFakeApi();
    onTestFinished(() => bucket[Symbol.asyncDispose]());
    const folder = join(await aFolder(), 'out');
    const contentPath = `/v1/jobs/${JOB_ID}/outputs/0/content`;
    const output = anOutput(PICTURE, api.url + contentPath);
    api.on(
      GET,
      { status: 304, headers: { etag: 'W/"1"', 'preference-applied': 'wait=20' } },
      jobReply(aJob({ status: 'running', phase: 'inferring', version: 2, progress: aProgress() })),
      jobReply({ ...SUCCEEDED, outputs: [output] }),
    );
    api.on(`GET ${contentPath}`, { status: 302, headers: { location: `${bucket.url}/bucket/key?signature=s` } });
    bucket.on('GET /bucket/key?signature=s', { status: 200, body: PICTURE });

    const args = [
      '-n',
      '2',
      '--size',
      '768x512',
      '--seed',
      '7',
      '--steps',
      '4',
      '--guidance',
      '2.5',
      '--negative',
      'fog',
    ];
    const choices = ['--format', 'webp', '--priority', 'batch', '-o', folder];
    const result = await run(['generate', 'a red lighthouse', ...args, ...choices], { apiUrl: api.url });

    expect(result).toMatchObject({ exitCode: 0, stderr: '', pauses: [] });
    const [create] = api.requestsTo(CREATE);
    expect(JSON.parse(create?.body ?? '')).toEqual({
      model: 'sketch-1',
      task: 'text-to-image',
      input: {
        prompt: 'a red lighthouse',
        negativePrompt: 'fog',
        width: 768,
        height: 512,
        steps: 4,
        guidance: 2.5,
        seed: 7,
        images: 2,
      },
      output: { format: 'webp' },
      policy: { priority: 'batch' },
    });
    expect(create?.headers).toMatchObject({ authorization: 'Bearer ai_key_secret', 'idempotency-key': '"key-1"' });
    expect(api.requestsTo(GET).map(({ headers }) => [headers.prefer, headers['if-none-match']])).toEqual([
      ['wait=20', 'W/"1"'],
      ['wait=20', 'W/"1"'],
      ['wait=20', 'W/"2"'],
    ]);
    const path = join(folder, `${JOB_ID}-0.png`);
    expect(await readFile(path)).toEqual(Buffer.from(PICTURE));
    expect(await readdir(folder)).toHaveLength(1);
    expect(lines(result)).toEqual([
      { event: 'status', jobId: JOB_ID, status: 'queued', phase: null, version: 1, progress: null, error: null },
      {
        event: 'status',
        jobId: JOB_ID,
        status: 'running',
        phase: 'inferring',
        version: 2,
        progress: aProgress(),
        error: null,
      },
      {
        event: 'status',
        jobId: JOB_ID,
        status: 'succeeded',
        phase: null,
        version: 4,
        progress: SUCCEEDED.progress,
        error: null,
      },
      { event: 'output', jobId: JOB_ID, index: 0, path, bytes: output.bytes, sha256: output.sha256, seed: 7 },
    ]);
    expect(api.requestsTo(`GET ${contentPath}`)[0]?.headers.authorization).toBe('Bearer ai_key_secret');
    expect(bucket.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('keeps the idempotency key over every kind of failure that may pass, and the pauses that it is asked for', async () => {
    const api = await anApi();
    const date = new Date(NOW.getTime() + 7000).toUTCString();
    api.on(
      CREATE,
      { status: 503, headers: { 'retry-after': '3' } },
      'drop',
      { status: 429, headers: { 'retry-after': date } },
      { status: 202, headers: { etag: 'W/"1"' }, body: aJob() },
    );
    const result = await run(['generate', 'a boat', '--no-wait'], { apiUrl: api.url });
    expect(result.exitCode).toBe(0);
    expect(result.pauses).toEqual([3000, 500, 7000]);
    expect(api.requestsTo(CREATE).map(({ headers }) => headers['idempotency-key'])).toEqual(Array(4).fill('"key-1"'));
    expect(new Set(api.requestsTo(CREATE).map(({ body }) => body)).size).toBe(1);
    expect(lines(result).map(({ event, status }) => [event, status])).toEqual([['status', 'queued']]);
  });

  test('gives up on a server that stays away, with the code for it', async () => {
    const api = await anApi();
    api.on(CREATE, { status: 503 });
    const result = await run(['generate', 'a boat', '--model', 'sketch-1'], { apiUrl: api.url });
    expect(result.exitCode).toBe(3);
    expect(api.requests).toHaveLength(6);
    expect(lines(result)).toEqual([
      { event: 'error', message: 'the server answered 503 without a problem document', details: [], exitCode: 3 },
    ]);
  });

  test('goes on polling at a status that it does not know, at the pace of Retry-After', async () => {
    const api = await anApi();
    const held = { ...aJob({ version: 2 }), status: 'moderating', phase: 'second_look', aNewField: { x: 1 } };
    api.on(
      GET,
      { status: 200, headers: { 'retry-after': '5' }, body: held },
      { status: 200, body: aJob({ status: 'canceled', version: 3 }) },
    );
    const result = await run(['generate', 'a boat'], { apiUrl: api.url });
    expect(result.exitCode).toBe(1);
    expect(result.pauses).toEqual([5000]);
    expect(lines(result).map(({ status }) => status)).toEqual(['queued', 'moderating', 'canceled']);
  });

  test.each([
    ['other bytes of the same number', PICTURE.toReversed(), 'SHA-256'],
    ['fewer bytes', PICTURE.subarray(1), 'should have 20 bytes, not 19'],
    ['more bytes', Buffer.concat([PICTURE, PICTURE]), 'should have 20 bytes, not 40'],
  ])('refuses a download of %s and leaves no file', async (_what, served, reason) => {
    const api = await anApi();
    const folder = await aFolder();
    const contentPath = `/v1/jobs/${JOB_ID}/outputs/0/content`;
    api.on(GET, jobReply({ ...SUCCEEDED, outputs: [anOutput(PICTURE, api.url + contentPath)] }));
    api.on(`GET ${contentPath}`, { status: 302, headers: { location: '/file' } });
    api.on('GET /file', { status: 200, body: served });
    const result = await run(['generate', 'a boat', '-o', folder], { apiUrl: api.url });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(reason);
    expect(await readdir(folder)).toEqual([]);
    expect(api.requestsTo('GET /file').map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('fetches an output again when the connection breaks', async () => {
    const api = await anApi();
    const folder = await aFolder();
    const contentPath = `/v1/jobs/${JOB_ID}/outputs/0/content`;
    api.on(GET, jobReply({ ...SUCCEEDED, outputs: [anOutput(PICTURE, api.url + contentPath)] }));
    api.on(`GET ${contentPath}`, { status: 302, headers: { location: '/file' } });
    api.on('GET /file', 'drop', { status: 200, body: PICTURE });
    const result = await run(['generate', 'a boat', '-o', folder], { apiUrl: api.url });
    expect(result.exitCode).toBe(0);
    expect(api.requestsTo(`GET ${contentPath}`)).toHaveLength(2);
    expect(await readdir(folder)).toEqual([`${JOB_ID}-0.png`]);
  });

  test('prints every field error of a problem document', async () => {
    const api = await anApi();
    const errors = [
      { pointer: '#/input/width', code: 'multiple_of', detail: 'must be a multiple of 8, got 333', limit: 8 },
    ];
    const problem = toProblem(
      'validation-failed',
      { detail: '1 field is invalid', errors },
      { instance: '/v1/jobs', requestId: 'r-1' },
    );
    api.on(CREATE, { status: 422, headers: { 'content-type': 'application/problem+json' }, body: problem });
    const result = await run(['generate', 'a boat', '--size', '333x512'], { apiUrl: api.url, isTerminal: true });
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr.split('\n')).toEqual([
      'error: Invalid request (validation-failed, 422): 1 field is invalid',
      '  #/input/width: must be a multiple of 8, got 333',
      '  request r-1',
      '',
    ]);
    expect(api.requestsTo(CREATE)).toHaveLength(1);
  });

  test('says that the key is not accepted, with the code for it', async () => {
    const api = await anApi();
    api.on(CREATE, {
      status: 401,
      body: toProblem('unauthenticated', { detail: 'unknown key' }, { instance: '/v1/jobs', requestId: 'r-2' }),
    });
    const result = await run(['generate', 'a boat'], { apiUrl: api.url });
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain('unauthenticated');
    expect(result.stderr).toContain('store another key with "afterimage login"');
    expect(result.stderr + result.stdout).not.toContain('ai_key_secret');
  });

  test('does not take the key along to where a wrong address redirects', async () => {
    const api = await anApi();
    api.on(CREATE, { status: 301, headers: { location: 'https://elsewhere.example/v1/jobs' } });
    const result = await run(['generate', 'a boat'], { apiUrl: api.url });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('https://elsewhere.example/v1/jobs');
  });

  test('reports why a job failed', async () => {
    const api = await anApi();
    const error = {
      code: 'out_of_memory',
      message: 'the image is too large',
      stage: 'inferring',
      attempt: 3,
      retryable: false,
    } as const;
    api.on(GET, jobReply(aJob({ status: 'failed', version: 5, error })));
    const result = await run(['generate', 'a boat'], { apiUrl: api.url });
    expect(result.exitCode).toBe(1);
    expect(lines(result).at(-1)).toMatchObject({ event: 'status', status: 'failed', error });
  });

  test('detaches on Ctrl-C without touching the job', async () => {
    const api = await anApi();
    const interruption = new AbortController();
    api.on(GET, 'hold');
    const onStdout = () => interruption.abort();
    const result = await run(['generate', 'a boat', '-o', 'my out'], { apiUrl: api.url, interruption, onStdout });
    expect(result.exitCode).toBe(130);
    expect(lines(result).at(-1)).toEqual({
      event: 'detached',
      jobId: JOB_ID,
      resume: `afterimage jobs watch ${JOB_ID} -o 'my out'`,
    });
    expect(api.requests.every(({ path }) => !path.endsWith('/cancel'))).toBe(true);
  });

  test('a second Ctrl-C cancels the job', async () => {
    const api = await anApi();
    const interruption = new AbortController();
    const secondInterruption = new AbortController();
    api.on(GET, 'hold');
    api.on(`POST /v1/jobs/${JOB_ID}/cancel`, { status: 200, body: aJob({ status: 'canceled', version: 2 }) });
    const onStdout = () => (interruption.signal.aborted ? secondInterruption : interruption).abort();
    const result = await run(['generate', 'a boat'], { apiUrl: api.url, interruption, secondInterruption, onStdout });
    expect(result.exitCode).toBe(130);
    expect(lines(result).slice(-2)).toMatchObject([{ event: 'detached' }, { event: 'status', status: 'canceled' }]);
    expect(api.requestsTo(`POST /v1/jobs/${JOB_ID}/cancel`)).toHaveLength(1);
  });

  test('a Ctrl-C while it retries the create tells the key to go on with', async () => {
    const api = await anApi();
    const interruption = new AbortController();
    interruption.abort();
    api.on(CREATE, { status: 503 });
    const result = await run(['generate', 'a boat', '--model', 'sketch-1'], { apiUrl: api.url, interruption });
    expect(result).toMatchObject({ exitCode: 130, stdout: '' });
    expect(result.stderr).toContain('--idempotency-key key-1');
  });
});

describe('generate on a terminal', () => {
  test('shows bars on stderr, reads events while the job runs, and prints the paths on stdout', async () => {
    const api = await anApi();
    const folder = await aFolder();
    const output = anOutput(PICTURE, `${api.url}/content`);
    const ended = { ...SUCCEEDED, outputs: [output] };
    const events = [
      { id: '1', type: 'snapshot', at: aJob().createdAt, job: aJob() },
      {
        id: '2',
        type: 'status',
        at: aJob().createdAt,
        status: 'running',
        phase: 'inferring',
        attempt: 1,
        reason: null,
      },
      { id: '2.0a1b2c3d', type: 'progress', at: aJob().createdAt, progress: aProgress({ images: 4, image: 2 }) },
      { id: '4', type: 'output', at: aJob().createdAt, output },
      { id: '5', type: 'end', at: aJob().createdAt, job: ended },
    ];
    const frames = events.map((event) => `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    const stream = (some: readonly string[]): FakeReply => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: Buffer.from(some.join('')),
    });
    api.on(`${GET}/events`, stream(frames.slice(0, 2)), stream(frames.slice(2)));
    api.on(GET, jobReply(ended));
    api.on('GET /content', { status: 302, headers: { location: '/file' } });
    api.on('GET /file', { status: 200, body: PICTURE });
    const result = await run(['generate', 'a boat', '-o', folder], { apiUrl: api.url, isTerminal: true });
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toBe(`${join(folder, `${JOB_ID}-0.png`)}\n`);
    expect(result.stderr).toContain(`${JOB_ID} ████████████████████████ 100 %  succeeded`);
    expect(api.requestsTo(`${GET}/events`).map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2']);
    expect(api.requestsTo(GET)).toHaveLength(1);
  });

  test('with --json it writes lines all the same', async () => {
    const api = await anApi();
    const result = await run(['--json', 'generate', 'a boat', '--no-wait'], { apiUrl: api.url, isTerminal: true });
    expect(lines(result)).toMatchObject([{ event: 'status', jobId: JOB_ID, status: 'queued' }]);
  });
});
