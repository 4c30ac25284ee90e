import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toProblem } from '@afterimage/job-schemas';
import { aJob, anOutput, type FakeApi, JOB_ID, startFakeApi } from '@afterimage/testing/fake-api';
import { aFolder, lines, run } from './run.ts';

const CREATE = 'POST /v1/jobs';
const OTHER_ID = JOB_ID.replace(/0$/, '1');
const UPLOAD_ID = JOB_ID.replace('job', 'upl');
/** As much of one as the client looks at. */
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PICTURE = new TextEncoder().encode('picture');
const where = { instance: '/v1/jobs', requestId: 'r-1' };

async function anApi(): Promise<FakeApi> {
  const api = await startFakeApi();
  onTestFinished(() => api[Symbol.asyncDispose]());
  api.on('GET /v1/models', {
    status: 200,
    body: { data: [{ id: 'sketch-1', tasks: ['text-to-image'] }], nextCursor: null },
  });
  api.on('GET /content', { status: 302, headers: { location: '/file' } });
  api.on('GET /file', { status: 200, body: PICTURE });
  return api;
}

function succeeded(api: FakeApi, id = JOB_ID) {
  return aJob({ id, status: 'succeeded', version: 3, outputs: [anOutput(PICTURE, `${api.url}/content`)] });
}

async function setUp(...prompts: unknown[]) {
  const api = await anApi();
  const folder = await aFolder();
  const file = join(folder, 'prompts.jsonl');
  await writeFile(file, `${prompts.map((prompt) => JSON.stringify(prompt)).join('\n')}\n`);
  const state = join(folder, 'state.json');
  const args = ['batch', 'run', file, '--resume', state, '-o', join(folder, 'out')];
  return {
    api,
    folder,
    file,
    args,
    readState: async () => JSON.parse(await readFile(state, 'utf8')),
    images: async () => (await readdir(join(folder, 'out'))).toSorted(),
    sent: () => api.requestsTo(CREATE).map(({ body }) => JSON.parse(body)),
    keys: () => api.requestsTo(CREATE).map(({ headers }) => headers['idempotency-key']),
  };
}

describe('batch run', () => {
  test('makes a job of each line, saves its images, and says how each line ended', async () => {
    const { api, args, images, sent, keys } = await setUp(
      'a lighthouse',
      { prompt: 'a mill', steps: 4 },
      { model: 'other', task: 'text-to-image', input: { prompt: 'a boat' }, metadata: { a: 'b' } },
    );
    const third = JOB_ID.replace(/0$/, '2');
    api.on(
      CREATE,
      { status: 202, body: succeeded(api) },
      { status: 202, body: succeeded(api, OTHER_ID) },
      { status: 202, body: succeeded(api, third) },
    );

    const result = await run([...args, '--concurrency', '1'], { apiUrl: api.url });

    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(sent()).toEqual([
      { model: 'sketch-1', task: 'text-to-image', input: { prompt: 'a lighthouse' } },
      { model: 'sketch-1', task: 'text-to-image', input: { prompt: 'a mill', steps: 4 } },
      { model: 'other', task: 'text-to-image', input: { prompt: 'a boat' }, metadata: { a: 'b' } },
    ]);
    expect(keys()).toEqual(['"key-1:1"', '"key-1:2"', '"key-1:3"']);
    expect(await images()).toEqual([`0001-${JOB_ID}-0.png`, `0002-${OTHER_ID}-0.png`, `0003-${third}-0.png`]);
    expect(lines(result)).toMatchObject([
      { event: 'line', line: 1, jobId: JOB_ID, status: 'succeeded', outputs: [expect.stringContaining('0001-')] },
      { event: 'line', line: 2, status: 'succeeded' },
      { event: 'line', line: 3, status: 'succeeded' },
      { event: 'summary', total: 3, succeeded: 3, failed: 0 },
    ]);
  });

  test('reads the files that lines name, from beside the lines, and uploads the images', async () => {
    const { api, args, folder, sent } = await setUp(
      '@prompt.txt',
      { prompt: '@@home', image: '@start.png', strength: 0.6, format: 'webp' },
      { image: '@start.png', scale: 2 },
      { prompt: 'x', image: { uploadId: UPLOAD_ID } },
    );
    await writeFile(join(folder, 'prompt.txt'), 'a long prompt\n');
    await writeFile(join(folder, 'start.png'), PNG);
    const upload = { id: UPLOAD_ID, contentType: 'image/png', bytes: PNG.byteLength, deduplicated: true };
    api.on('POST /v1/uploads', { status: 201, body: { ...upload, url: null, method: null, headers: null } });
    api.on(CREATE, { status: 202, body: succeeded(api) });

    const result = await run([...args, '--concurrency', '1'], { apiUrl: api.url });

    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const image = { uploadId: UPLOAD_ID };
    expect(sent()).toEqual([
      { model: 'sketch-1', task: 'text-to-image', input: { prompt: 'a long prompt' } },
      {
        model: 'sketch-1',
        task: 'image-to-image',
        input: { prompt: '@home', image, strength: 0.6 },
        output: { format: 'webp' },
      },
      { model: 'sketch-1', task: 'upscale', input: { image, scale: 2 } },
      { model: 'sketch-1', task: 'image-to-image', input: { prompt: 'x', image } },
    ]);
    expect(api.requestsTo('POST /v1/uploads')).toHaveLength(2);
  });

  test('needs no file any more of a line that has its job', async () => {
    const { api, args, folder } = await setUp('@prompt.txt');
    await writeFile(join(folder, 'prompt.txt'), 'a long prompt');
    api.on(CREATE, { status: 202, body: succeeded(api) });
    await run(args, { apiUrl: api.url });
    await rm(join(folder, 'prompt.txt'));

    expect(await run(args, { apiUrl: api.url })).toMatchObject({ exitCode: 0 });
    expect(api.requestsTo(CREATE)).toHaveLength(1);
  });

  test('says that a file has changed since its job was submitted, and leaves the line as it is', async () => {
    const { api, args, folder } = await setUp('@prompt.txt');
    await writeFile(join(folder, 'prompt.txt'), 'another prompt');
    api.on(CREATE, { status: 422, body: toProblem('idempotency-key-reused', { detail: 'of another body' }, where) });

    const result = await run(args, { apiUrl: api.url });

    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('the files of line 1 have changed since its job was submitted');
    expect(await readFile(join(folder, 'state.json'), 'utf8')).not.toContain('refused');
  });

  test('goes on after a line whose file is no image', async () => {
    const { api, args, folder } = await setUp({ image: '@notes.txt' }, 'b');
    await writeFile(join(folder, 'notes.txt'), 'no picture');
    api.on(CREATE, { status: 202, body: succeeded(api) });

    const result = await run([...args, '--concurrency', '1'], { apiUrl: api.url });

    expect(result.exitCode).toBe(1);
    expect(lines(result)).toMatchObject([
      { line: 1, jobId: null, status: 'refused', error: expect.stringContaining('notes.txt: ') },
      { line: 2, status: 'succeeded' },
      { event: 'summary', succeeded: 1, failed: 1 },
    ]);
  });

  test('goes on after a line that the API refuses, and fails in the end', async () => {
    const { api, args, readState } = await setUp('a', 'b');
    const refused = toProblem('validation-failed', { detail: '1 field is invalid' }, where);
    api.on(CREATE, { status: 422, body: refused }, { status: 202, body: succeeded(api) });

    const result = await run([...args, '--concurrency', '1'], { apiUrl: api.url });

    expect(result.exitCode).toBe(1);
    expect(lines(result)).toMatchObject([
      { line: 1, jobId: null, status: 'refused', error: expect.stringContaining('1 field is invalid') },
      { line: 2, status: 'succeeded' },
      { event: 'summary', succeeded: 1, failed: 1 },
    ]);
    expect((await readState()).lines).toMatchObject({ 1: { end: 'refused' }, 2: { end: 'succeeded' } });
  });

  test('begun anew with the same state asks for nothing again', async () => {
    const { api, args } = await setUp('a', 'b');
    api.on(CREATE, { status: 202, body: succeeded(api) }, { status: 202, body: succeeded(api, OTHER_ID) });
    await run(args, { apiUrl: api.url });
    const before = api.requests.length;

    const result = await run(args, { apiUrl: api.url });

    expect(result.exitCode).toBe(0);
    expect(api.requests).toHaveLength(before);
    expect(lines(result)).toEqual([{ event: 'summary', total: 2, succeeded: 2, failed: 0 }]);
  });

  test('sends a request whose answer was lost again under its key, with the model of the first time', async () => {
    const { api, args, keys, sent, readState } = await setUp('a');
    api.on(CREATE, 'drop');
    expect(await run(args, { apiUrl: api.url })).toMatchObject({ exitCode: 3 });
    expect(await readState()).toMatchObject({ runId: 'key-1', model: 'sketch-1', lines: {} });
    api.on('GET /v1/models', { status: 200, body: { data: [{ id: 'newer', tasks: [] }], nextCursor: null } });
    api.on(CREATE, { status: 202, body: succeeded(api) });

    expect(await run(args, { apiUrl: api.url })).toMatchObject({ exitCode: 0 });

    expect(new Set(keys())).toEqual(new Set(['"key-1:1"']));
    expect(new Set(sent().map(({ model }) => model))).toEqual(new Set(['sketch-1']));
  });

  test('detaches from its jobs, says how to come back, and finds them there', async () => {
    const { api, args, keys, readState, images } = await setUp('a', 'b');
    const interruption = new AbortController();
    api.on(CREATE, { status: 202, body: aJob({ status: 'running', version: 2 }) });
    api.on(`GET /v1/jobs/${JOB_ID}`, 'hold');
    const running = run([...args, '--concurrency', '1'], { apiUrl: api.url, interruption });
    await expect.poll(() => api.requestsTo(`GET /v1/jobs/${JOB_ID}`).length).toBe(1);

    interruption.abort();

    const result = await running;
    expect(result.exitCode).toBe(130);
    expect(lines(result)).toMatchObject([
      { event: 'detached', resume: expect.stringContaining('afterimage batch run ') },
    ]);
    expect((await readState()).lines).toEqual({ 1: { jobId: JOB_ID } });
    expect(api.requestsTo(`POST /v1/jobs/${JOB_ID}/cancel`)).toEqual([]);

    api.on(`GET /v1/jobs/${JOB_ID}`, { status: 200, body: succeeded(api) });
    api.on(CREATE, { status: 202, body: succeeded(api, OTHER_ID) });
    expect(await run(args, { apiUrl: api.url })).toMatchObject({ exitCode: 0 });
    expect(keys()).toEqual(['"key-1:1"', '"key-1:2"']);
    expect(await images()).toHaveLength(2);
  });

  test('cancels its jobs on a second Ctrl-C', async () => {
    const { api, args } = await setUp('a');
    const interruption = new AbortController();
    const secondInterruption = new AbortController();
    api.on(CREATE, { status: 202, body: aJob({ status: 'running', version: 2 }) });
    api.on(`GET /v1/jobs/${JOB_ID}`, 'hold');
    api.on(`POST /v1/jobs/${JOB_ID}/cancel`, { status: 202, body: aJob({ status: 'canceling', version: 3 }) });
    const running = run(args, { apiUrl: api.url, interruption, secondInterruption });
    await expect.poll(() => api.requestsTo(`GET /v1/jobs/${JOB_ID}`).length).toBe(1);

    interruption.abort();
    secondInterruption.abort();

    expect(await running).toMatchObject({ exitCode: 130, stderr: '1 job is canceled\n' });
    expect(api.requestsTo(`POST /v1/jobs/${JOB_ID}/cancel`)).toHaveLength(1);
  });

  test('stops when the key is not accepted, and says how to go on', async () => {
    const { api, args } = await setUp('a', 'b', 'c');
    api.on(CREATE, { status: 401, body: toProblem('unauthenticated', { detail: 'no such key' }, where) });

    const result = await run([...args, '--concurrency', '1'], { apiUrl: api.url });

    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain('to go on: afterimage batch run');
    expect(api.requestsTo(CREATE)).toHaveLength(1);
  });

  test('on a terminal shows one bar for all, and what went wrong', async () => {
    const { api, args } = await setUp('a', 'b');
    const failed = aJob({
      id: OTHER_ID,
      status: 'failed',
      error: { code: 'engine_error', message: 'no luck', stage: 'inferring', attempt: 1, retryable: false },
    });
    api.on(CREATE, { status: 202, body: succeeded(api) }, { status: 202, body: failed });

    const result = await run([...args, '--concurrency', '1'], { apiUrl: api.url, isTerminal: true });

    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('2/2 done, 1 without images');
    expect(result.stderr).toContain('line 2 failed: no luck');
    expect(result.stdout).toMatch(/^2\/2 done, 1 without images; images in .*out\n$/);
  });

  test('is silent when it is asked to be', async () => {
    const { api, args } = await setUp('a');
    api.on(CREATE, { status: 202, body: succeeded(api) });

    const result = await run([...args, '--quiet'], { apiUrl: api.url, isTerminal: true });

    expect(result).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringMatching(/^1\/1 done; images in /) });
  });

  test.each([
    ['{', 'line 1: is not JSON'],
    ['7', 'line 1: has no "prompt", "image" or "workflow"'],
    ['"a"\n\n{"steps": 4}', 'line 3: has no "prompt"'],
    ['{"prompt": "a", "stepz": 4}', 'line 1: "stepz" is not a field of a request; did you mean "steps"?'],
    ['"a"\n{"prompt": "a", "image": "@no-such.png"}', 'line 2: cannot read no-such.png'],
    ['"@no-such.txt"', 'line 1: cannot read no-such.txt'],
    ['"@-"', 'line 1: cannot read standard input'],
    ['', 'has no lines'],
  ])('refuses the lines %j before it sends any', async (text, reason) => {
    const { api, args, file } = await setUp();
    await writeFile(file, text);

    const result = await run(args, { apiUrl: api.url });

    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(reason);
    expect(api.requests).toEqual([]);
  });

  test('refuses a state of other lines, and a state that is none', async () => {
    const { api, args, file, folder } = await setUp('a');
    api.on(CREATE, { status: 202, body: succeeded(api) });
    await run(args, { apiUrl: api.url });
    await writeFile(file, '"another"\n');

    expect((await run(args, { apiUrl: api.url })).stderr).toContain('belongs to other lines');

    await writeFile(join(folder, 'state.json'), '{"version":7}');
    expect((await run(args, { apiUrl: api.url })).stderr).toContain('is not the state of a batch run');
  });
});

describe('batches of the API', () => {
  const BATCH_ID = 'bat_01KAFTERMAGE00000000000000';
  const counts = { total: 1, rejected: 0, queued: 0, running: 0, canceling: 0, succeeded: 0, failed: 0, expired: 0 };
  const batch = { id: BATCH_ID, status: 'completed', counts: { ...counts, canceled: 1 }, items: [], aNewField: 1 };

  test('are shown as they are', async () => {
    const api = await anApi();
    api.on(`GET /v1/batches/${BATCH_ID}`, { status: 200, body: batch });
    expect(lines(await run(['batch', 'get', BATCH_ID], { apiUrl: api.url }))).toEqual([batch]);
  });

  test('are canceled, and waited for', async () => {
    const api = await anApi();
    api.on(`POST /v1/batches/${BATCH_ID}/cancel`, { status: 202, body: { ...batch, status: 'canceling' } });
    api.on(`GET /v1/batches/${BATCH_ID}`, { status: 200, body: batch });
    const result = await run(['batch', 'cancel', BATCH_ID, '--wait'], { apiUrl: api.url });
    expect(lines(result)).toMatchObject([{ event: 'batch', batchId: BATCH_ID, status: 'completed' }]);
    expect((await run(['batch', 'cancel', 'job_1'], { apiUrl: api.url })).exitCode).toBe(2);
  });
});
