import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { aJob, type FakeApi, startFakeApi } from '@afterimage/testing/fake-api';
import { aFolder, run } from './run.ts';

const CREATE = 'POST /v1/jobs';
const UPLOAD_ID = 'upl_01J8ZQ4M3C5D6E7F8G9H0JKMNP';

async function anApi(): Promise<FakeApi> {
  const api = await startFakeApi();
  onTestFinished(() => api[Symbol.asyncDispose]());
  api.on('GET /v1/models', {
    status: 200,
    body: {
      data: [
        { id: 'sketch-1', tasks: ['text-to-image'] },
        { id: 'upscaler-1', tasks: ['upscale'] },
      ],
      nextCursor: null,
    },
  });
  api.on(CREATE, { status: 202, body: aJob() });
  return api;
}

test('a request from a file, changed on the command line', async () => {
  const api = await anApi();
  const folder = await aFolder();
  await writeFile(join(folder, 'request.yaml'), 'prompt: a mill\nsteps: 9\nmetadata:\n  orderId: A-17\n');
  const args = ['generate', '--file', 'request.yaml', 'steps=12', '--seed', '7', '--no-wait'];
  const result = await run(args, { apiUrl: api.url, cwd: folder });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(api.requestsTo(CREATE)[0]?.body ?? '')).toEqual({
    model: 'sketch-1',
    task: 'text-to-image',
    input: { prompt: 'a mill', steps: 12, seed: 7 },
    metadata: { orderId: 'A-17' },
  });
});

test('options for what images are made of and how they are written', async () => {
  const api = await anApi();
  const image = [
    '--image',
    'job_01K0000000000000000000000/0',
    '--mask',
    'https://a.example/m.png',
    '--strength',
    '0.4',
  ];
  const output = ['--format', 'webp', '--quality', '70', '--thumbnail'];
  const args = ['generate', 'a mill', '--sampler', 'dpmpp_2m_karras', ...image, ...output, '--model', 'm'];

  expect(await run([...args, '--no-wait'], { apiUrl: api.url })).toMatchObject({ exitCode: 0, stderr: '' });

  expect(JSON.parse(api.requestsTo(CREATE)[0]?.body ?? '')).toEqual({
    model: 'm',
    task: 'image-to-image',
    input: {
      prompt: 'a mill',
      sampler: 'dpmpp_2m_karras',
      image: { jobOutput: 'job_01K0000000000000000000000/0' },
      mask: { url: 'https://a.example/m.png' },
      strength: 0.4,
    },
    output: { format: 'webp', quality: 70, thumbnail: true },
  });
  const wrong = await run(['generate', 'a mill', '--sampler', 'magic'], { apiUrl: api.url });
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('dpmpp_2m_karras') });
});

test('a prompt from standard input', async () => {
  const api = await anApi();
  const result = await run(['generate', '-', '--no-wait'], { apiUrl: api.url, stdin: 'a mill\n' });
  expect(result.exitCode).toBe(0);
  expect(JSON.parse(api.requestsTo(CREATE)[0]?.body ?? '')).toMatchObject({ input: { prompt: 'a mill' } });
});

test('an image is uploaded, and the model is one for the task', async () => {
  const api = await anApi();
  const folder = await aFolder();
  await writeFile(join(folder, 'cat.png'), '\x89PNG\r\n\x1a\n and so on', 'latin1');
  const upload = {
    id: UPLOAD_ID,
    object: 'upload',
    url: null,
    headers: {},
    deduplicated: true,
    expiresAt: '2026-01-09T03:04:05.006Z',
  };
  api.on('POST /v1/uploads', { status: 201, body: upload });
  const result = await run(['generate', 'image=@cat.png', '--no-wait'], { apiUrl: api.url, cwd: folder });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(api.requestsTo(CREATE)[0]?.body ?? '')).toEqual({
    model: 'upscaler-1',
    task: 'upscale',
    input: { image: { uploadId: UPLOAD_ID } },
  });
});

test.each([
  ['a file that is no image', ['image=@notes.txt'], 'error: notes.txt: an image must be a PNG, JPEG or WebP file\n'],
  ['a file that is not there', ['image=@cat.png'], 'error: cannot read cat.png: there is no such file\n'],
  [
    'a misspelt field',
    ['a mill', 'setps=3'],
    'error: "setps" is not a field of a request; did you mean "steps"?\n' +
      '  a prompt that reads like key=value is written as prompt="…"\n',
  ],
  ['nothing', [], 'error: nothing to make: give a prompt, or a request with --file\n'],
  [
    'an input that is none',
    ['input=3'],
    'error: "model", "task" and "input" of the request must be a text, a text and fields\n',
  ],
])('%s ends with 2 before a job is made', async (_what, args, stderr) => {
  const api = await anApi();
  const folder = await aFolder();
  await writeFile(join(folder, 'notes.txt'), 'milk, bread');
  const result = await run(['generate', ...args], { apiUrl: api.url, cwd: folder, isTerminal: true });
  expect(result).toEqual({ exitCode: 2, stdout: '', stderr, pauses: [] });
  expect(api.requestsTo(CREATE)).toEqual([]);
});

test('a job belongs to the trace that the environment names', async () => {
  const api = await anApi();
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const args = ['generate', 'a mill', '--model', 'sketch-1', '--no-wait'];
  for (const TRACEPARENT of [traceparent, 'none of it']) {
    expect(await run(args, { apiUrl: api.url, env: { TRACEPARENT } })).toMatchObject({ exitCode: 0 });
  }
  expect(api.requestsTo(CREATE).map(({ headers }) => headers['traceparent'])).toEqual([traceparent, undefined]);
});

test('a dry run prints the job as it would be, and makes none', async () => {
  const api = await anApi();
  const preview = { object: 'job.preview', input: { prompt: 'a mill' }, queue: {}, estimatedRunSeconds: 3 };
  api.on(`${CREATE}?dryRun=true`, { status: 200, body: preview });

  const result = await run(['generate', 'a mill', '--dry-run'], { apiUrl: api.url });

  expect(result).toMatchObject({ exitCode: 0, stderr: '', stdout: `${JSON.stringify(preview)}\n` });
  const people = await run(['generate', 'a mill', '--dry-run'], { apiUrl: api.url, isTerminal: true });
  expect(people.stdout).toContain('\n  "estimatedRunSeconds": 3\n');
  expect(api.requestsTo(CREATE)).toEqual([]);
});
