import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aJob, anOutput, JOB_ID, startFakeApi } from '@afterimage/testing/fake-api';
import { aFolder, lines, run, type RunOptions } from './run.ts';

const BLUE = '#0a1ec8';

/** Follows a job that has ended with an image. */
async function watch(image: Uint8Array, args: readonly string[], options: RunOptions = {}) {
  const api = await startFakeApi();
  onTestFinished(() => api[Symbol.asyncDispose]());
  const folder = await aFolder();
  const outputs = [anOutput(image, `${api.url}/content`)];
  api.on(`GET /v1/jobs/${JOB_ID}`, { status: 200, body: aJob({ status: 'succeeded', version: 4, outputs }) });
  api.on('GET /content', { status: 302, headers: { location: '/file' } });
  api.on('GET /file', { status: 200, body: image });
  const command = ['jobs', 'watch', JOB_ID, '-o', folder, ...args];
  const result = await run(command, { apiUrl: api.url, isTerminal: true, ...options });
  return { ...result, path: join(folder, `${JOB_ID}-0.png`) };
}

const aPicture = () =>
  sharp({ create: { width: 8, height: 8, channels: 3, background: BLUE } })
    .png()
    .toBuffer();

describe('a picture', () => {
  test('is shown above its path', async () => {
    const { stdout, path, exitCode } = await watch(await aPicture(), []);
    const shown = stdout.trimEnd().split('\n');
    expect(exitCode).toBe(0);
    expect(shown).toHaveLength(25);
    expect(shown[0]).toBe(`\u001B[38;2;10;30;200;48;2;10;30;200m${'▀'.repeat(48)}\u001B[0m`);
    expect(shown.at(-1)).toBe(path);
  });

  test.each<[string, string[], RunOptions]>([
    ['--preview none', ['--preview', 'none'], {}],
    ['--quiet', ['--quiet'], {}],
    ['--quiet and a protocol', ['--quiet', '--preview', 'kitty'], {}],
    ['NO_COLOR', [], { env: { NO_COLOR: '1' } }],
    ['a dumb terminal', [], { env: { TERM: 'dumb' } }],
  ])('is not shown with %s', async (_what, args, options) => {
    const { stdout, path } = await watch(await aPicture(), args, options);
    expect(stdout).toBe(`${path}\n`);
  });

  test('never mixes with lines for programs', async () => {
    const result = await watch(await aPicture(), ['--preview', 'kitty'], { isTerminal: false });
    expect(lines(result).map(({ event }) => event)).toEqual(['status', 'output']);
  });

  test('that cannot be shown is saved all the same', async () => {
    const { exitCode, stdout, stderr, path } = await watch(Buffer.from('no picture'), ['--preview', 'sixel']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${path}\n` });
    expect(stderr).toContain(`${path} cannot be shown`);
  });
});
