import { expect, onTestFinished, test } from 'vitest';
import { startFakeApi } from '@afterimage/testing/fake-api';
import { lines, run } from './run.ts';

const USAGE = {
  object: 'usage',
  from: '2026-01-01',
  to: '2026-01-02',
  data: [{ day: '2026-01-02', model: 'sketch-1', jobs: 1, images: 2, engineSeconds: 1.25 }],
  total: { jobs: 1, images: 2, engineSeconds: 1.25 },
};

test('usage is a table with its sum on a terminal, and JSON elsewhere', async () => {
  const api = await startFakeApi();
  onTestFinished(() => api[Symbol.asyncDispose]());
  api.on('GET /v1/usage?from=2026-01-01', { status: 200, body: USAGE });
  const args = ['usage', '--from', '2026-01-01'];

  const shown = await run(args, { apiUrl: api.url, isTerminal: true });

  expect(shown.stdout.split('\n')).toEqual([
    'DAY                       MODEL     JOBS  IMAGES  ENGINE SECONDS',
    '2026-01-02                sketch-1  1     2       1.3',
    '2026-01-01 to 2026-01-02            1     2       1.3',
    '',
  ]);
  expect(lines(await run(args, { apiUrl: api.url }))).toEqual([USAGE]);
});
