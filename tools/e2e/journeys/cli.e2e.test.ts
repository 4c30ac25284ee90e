import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@afterimage/testing';
import { runNode } from '../src/command.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;
let folder: string;

beforeAll(async () => {
  test = await startTestStack({ sketchMsPerStep: 20 });
  folder = mkdtempSync(join(tmpdir(), 'afterimage-cli-'));
});
afterAll(async () => {
  await test.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]) {
  const env = { AFTERIMAGE_API_URL: test.stack.apiUrl, AFTERIMAGE_API_KEY: test.stack.apiKey };
  return runNode('tools/cli/bin/afterimage.mjs', args, { cwd: folder, env });
}

async function afterimage(...args: string[]) {
  const { exitCode, stdout, stderr } = await start(...args).ended;
  return {
    exitCode,
    stderr,
    events: stdout
      .split('\n')
      .filter((line) => line.startsWith('{"event"'))
      .map((line) => JSON.parse(line)),
    stdout,
  };
}

describe('afterimage', () => {
  it('generates pictures as asked and saves them', async () => {
    const { exitCode, events, stderr } = await afterimage(
      'generate',
      'a lighthouse at night',
      '-n',
      '2',
      '--size',
      '768x512',
      '--seed',
      '7',
      '--steps',
      '5',
      '-o',
      'out/',
    );

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(events.at(0)).toMatchObject({ event: 'status', status: 'queued' });
    const saved = events.filter(({ event }) => event === 'output');
    expect(saved.map(({ seed }) => seed)).toEqual([7, 8]);
    expect(readdirSync(join(folder, 'out'))).toHaveLength(2);
    for (const { path } of saved) {
      expect(await sharp(join(folder, path)).metadata()).toMatchObject({ format: 'png', width: 768, height: 512 });
    }
  });

  it('lists, shows, follows and cancels jobs', async () => {
    const submitted = await afterimage('generate', 'a windmill', '--steps', '150', '-n', '8', '--no-wait');
    const { jobId } = submitted.events[0];

    const listed = await afterimage('jobs', 'ls', '--limit', '1');
    expect(listed.stdout).toContain(jobId);
    const watching = start('jobs', 'watch', jobId);
    await waitFor(() => watching.output().includes('"running"'), { timeoutMs: 30_000, what: 'a running job' });
    expect((await afterimage('jobs', 'cancel', jobId, '--wait')).exitCode).toBe(0);

    expect(await watching.ended).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('"canceled"') });
    expect((await afterimage('jobs', 'get', jobId)).stdout).toContain('"canceled"');
  });

  it('leaves the job running on Ctrl-C and says how to come back', async () => {
    const running = start('generate', 'a castle', '--steps', '60');
    await waitFor(() => running.output().includes('"running"'), { timeoutMs: 30_000, what: 'a running job' });

    running.child.kill('SIGINT');

    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(130);
    const jobId = /"jobId":"(job_\w+)"/.exec(stdout)?.[1] ?? '';
    expect(stdout).toContain(`jobs watch ${jobId}`);
    expect((await afterimage('jobs', 'watch', jobId)).exitCode).toBe(0);
  });

  it('names the wrong field and its limit', async () => {
    const { exitCode, stderr } = await afterimage('generate', 'x', '--size', '70x64');

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/width.*multiple of 8/);
  });

  it('says that a key is refused, and that nobody answers', async () => {
    const refused = await afterimage('jobs', 'ls', '--api-key', 'ai_AAAAAAAAAAAA_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB');

    expect(refused.exitCode).toBe(3);
  });
});
