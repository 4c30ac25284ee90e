import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runNode } from '../src/command.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;
let folder: string;

beforeAll(async () => {
  test = await startTestStack();
  folder = mkdtempSync(join(tmpdir(), 'afterimage-setup-'));
});
afterAll(async () => {
  await test.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The command of somebody whose settings are in the folder of the test alone. */
async function afterimage(...args: string[]) {
  const env = {
    AFTERIMAGE_CONFIG: join(folder, 'settings', 'config.json'),
    AFTERIMAGE_API_URL: '',
    AFTERIMAGE_API_KEY: '',
    AFTERIMAGE_PROFILE: '',
  };
  const { exitCode, stdout, stderr } = await runNode('tools/cli/bin/afterimage.mjs', args, { cwd: folder, env }).ended;
  const events = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  return { exitCode, stdout, stderr, events };
}

describe('afterimage', () => {
  it('stores a key that the API takes, and works with it from then on', async () => {
    const before = await afterimage('jobs', 'ls');
    expect(before).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('afterimage login') });

    const wrong = await afterimage('login', '--api-url', test.stack.apiUrl, '--api-key', 'ai_AAAAAAAAAAAA_BBBB');
    expect(wrong).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('store another key') });
    expect((await afterimage('jobs', 'ls')).exitCode).toBe(2);

    const right = await afterimage('login', '--api-url', test.stack.apiUrl, '--api-key', test.stack.apiKey);
    expect(right).toMatchObject({ exitCode: 0, events: [{ event: 'login', profile: 'default' }] });
    expect(statSync(join(folder, 'settings', 'config.json')).mode & 0o777).toBe(0o600);
    expect((await afterimage('jobs', 'ls')).exitCode).toBe(0);
  });

  it('finds nothing wrong with a healthy stack', async () => {
    const { exitCode, events, stdout } = await afterimage('doctor');

    expect(exitCode).toBe(0);
    const statuses = Object.fromEntries(events.map(({ check, status }) => [check, status]));
    expect(statuses).toMatchObject({
      node: 'ok',
      settings: 'ok',
      dns: 'ok',
      tls: 'ok',
      api: 'ok',
      clock: 'ok',
      key: 'ok',
    });
    expect(events.find(({ check }) => check === 'scopes').detail).toContain('jobs:write');
    expect(stdout).not.toContain(test.stack.apiKey);
  });

  it('makes images of a request in a file', async () => {
    writeFileSync(join(folder, 'prompt.txt'), 'a red lighthouse at dusk\n');
    const request =
      'prompt: "@prompt.txt"\nsteps: 20\nwidth: 128\nheight: 128\nformat: webp\nmetadata: { orderId: A-17 }\n';
    writeFileSync(join(folder, 'request.yaml'), request);

    const made = await afterimage(
      'generate',
      '--file',
      'request.yaml',
      'steps=4',
      'guidance=5',
      '--seed',
      '7',
      '-o',
      'out',
    );

    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    const saved = made.events.find(({ event }) => event === 'output');
    expect(readdirSync(join(folder, 'out'))).toHaveLength(1);
    expect(await sharp(join(folder, saved.path)).metadata()).toMatchObject({ format: 'webp', width: 128 });
    const { events } = await afterimage('jobs', 'get', saved.jobId);
    expect(events[0]).toMatchObject({
      task: 'text-to-image',
      input: {
        prompt: 'a red lighthouse at dusk',
        steps: 4,
        guidance: 5,
        seed: 7,
      },
      metadata: { orderId: 'A-17' },
    });
  });

  it.each([
    [['a mill', 'setps=3'], 'did you mean "steps"?'],
    [['image=@prompt.txt', 'a mill', 'model=sketch-1'], 'prompt.txt: an image must be a PNG, JPEG or WebP file'],
    [['--file', 'nowhere.yaml'], 'cannot read nowhere.yaml: there is no such file'],
    [['a mill', 'steps=999'], '#/input/steps: must be at most 150, got 999'],
  ])('says what is wrong with %j', async (args, message) => {
    expect(await afterimage('generate', ...args)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(message),
    });
  });

  it('says that nobody answers', async () => {
    const args = ['doctor', '--api-url', 'http://127.0.0.1:9', '--api-key', test.stack.apiKey];
    const { exitCode, events } = await afterimage(...args);

    expect(exitCode).toBe(1);
    expect(events.find(({ check }) => check === 'api')).toMatchObject({ status: 'fail', fix: expect.any(String) });
  });

  it('forgets the key', async () => {
    expect(await afterimage('logout')).toMatchObject({
      exitCode: 0,
      events: [{ event: 'logout', profile: 'default', apiUrl: test.stack.apiUrl }],
    });

    expect(readdirSync(join(folder, 'settings'))).toEqual([]);
    expect((await afterimage('jobs', 'ls')).exitCode).toBe(2);
  });
});
