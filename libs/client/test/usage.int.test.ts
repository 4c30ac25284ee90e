import { expect, test } from 'vitest';
import { aClient, anApi } from './a-client.ts';

const AMOUNTS = { jobs: 1, images: 2, engineSeconds: 1.5 };
const USAGE = {
  object: 'usage',
  from: '2026-01-01',
  to: '2026-01-02',
  data: [{ day: '2026-01-02', model: 'sketch-1', ...AMOUNTS }],
  total: AMOUNTS,
};

test('usage is as the API has it, of the days that are asked for', async () => {
  const api = await anApi();
  const { client } = aClient(api);
  api.on('GET /v1/usage', { status: 200, body: USAGE });
  api.on('GET /v1/usage?from=2026-01-01&to=2026-01-02', { status: 200, body: USAGE });

  expect(await client.usage()).toEqual(USAGE);
  expect(await client.usage({ from: '2026-01-01', to: '2026-01-02' })).toEqual(USAGE);
});

test('a reply that is none is told apart', async () => {
  const api = await anApi();
  api.on('GET /v1/usage', { status: 200, body: {} });

  await expect(aClient(api).client.usage()).rejects.toMatchObject({ code: 'unexpected-reply' });
});
