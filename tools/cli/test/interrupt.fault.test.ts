import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { waitFor } from '@afterimage/testing';
import { aJob, JOB_ID, startFakeApi } from '@afterimage/testing/fake-api';
import { aFolder } from './run.ts';

const BIN = fileURLToPath(new URL('../bin/afterimage.mjs', import.meta.url));

function startCommand(apiUrl: string, args: readonly string[]): ChildProcess {
  const env = { ...process.env, AFTERIMAGE_API_URL: apiUrl, AFTERIMAGE_API_KEY: 'ai_key_secret' };
  const child = spawn(process.execPath, [BIN, ...args], { env, cwd: tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('SIGINT leaves the job running, says how to come back, and ends with 130', async () => {
  await using api = await startFakeApi();
  api.on(`GET /v1/jobs/${JOB_ID}`, { status: 200, body: aJob({ status: 'running', version: 2 }) }, 'hold');
  const child = startCommand(api.url, ['jobs', 'watch', JOB_ID]);
  const exited = once(child, 'exit');
  const seen: unknown[] = [];
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    seen.push(JSON.parse(line));
    if (seen.length === 1) child.kill('SIGINT');
  }
  expect(await exited).toEqual([130, null]);
  expect(seen).toMatchObject([
    { event: 'status', status: 'running' },
    { event: 'detached', jobId: JOB_ID, resume: `afterimage jobs watch ${JOB_ID}` },
  ]);
  expect(api.requests.map(({ method }) => method)).not.toContain('POST');
});

test('the exit code of the command is the exit code of the process', async () => {
  await using api = await startFakeApi();
  api.on(`GET /v1/jobs/${JOB_ID}`, { status: 200, body: aJob({ status: 'expired' }) });
  const child = startCommand(api.url, ['jobs', 'watch', JOB_ID]);
  expect(await once(child, 'exit')).toEqual([1, null]);
});

test('a second SIGINT cancels the jobs of a batch run', async () => {
  await using api = await startFakeApi();
  const running = aJob({ status: 'running', version: 2 });
  api.on('POST /v1/jobs', { status: 202, body: running });
  api.on(`GET /v1/jobs/${JOB_ID}`, 'hold');
  api.on(`POST /v1/jobs/${JOB_ID}/cancel`, { status: 202, body: { ...running, status: 'canceling', version: 3 } });
  const folder = await aFolder();
  const file = join(folder, 'prompts.jsonl');
  await writeFile(file, '{"model":"m","task":"text-to-image","input":{"prompt":"a mill"}}\n');
  const child = startCommand(api.url, ['batch', 'run', file]);
  const exited = once(child, 'exit');
  await waitFor(() => api.requestsTo(`GET /v1/jobs/${JOB_ID}`).length > 0);

  child.kill('SIGINT');
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    expect(JSON.parse(line)).toMatchObject({ event: 'detached', resume: expect.stringContaining('batch run') });
    // Signals within 100 ms are one key press that is delivered twice.
    const firstAtMs = performance.now();
    await waitFor(() => performance.now() - firstAtMs > 200);
    child.kill('SIGINT');
  }

  expect(await exited).toEqual([130, null]);
  expect(api.requestsTo(`POST /v1/jobs/${JOB_ID}/cancel`)).toHaveLength(1);
});
