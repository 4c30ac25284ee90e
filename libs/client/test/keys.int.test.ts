import { expect, test } from 'vitest';
import { aClient, anApi } from './a-client.ts';

const KEY = {
  id: '4fGh7Kx2Qm9Z',
  object: 'api_key',
  name: 'ci',
  scopes: ['jobs:read'],
  createdAt: '2026-01-01T12:00:00.000Z',
  revokedAt: null,
};
const NEW_KEY = { ...KEY, key: `ai_${KEY.id}_${'0'.repeat(40)}` };

test('keys are created, listed, shown, rotated and revoked', async () => {
  const api = await anApi();
  const { keys } = aClient(api).client;
  api.on('POST /v1/keys', { status: 201, body: NEW_KEY });
  api.on('GET /v1/keys', { status: 200, body: { data: [KEY], nextCursor: null } });
  api.on(`GET /v1/keys/${KEY.id}`, { status: 200, body: KEY });
  api.on(`POST /v1/keys/${KEY.id}/rotate`, { status: 201, body: NEW_KEY });
  api.on(`POST /v1/keys/${KEY.id}/revoke`, { status: 200, body: KEY });

  expect(await keys.create({ name: 'ci', scopes: ['jobs:read'] })).toEqual(NEW_KEY);
  expect(await keys.list()).toEqual([KEY]);
  expect(await keys.get(KEY.id)).toEqual(KEY);
  expect(await keys.rotate(KEY.id, { overlapSeconds: 60 })).toEqual(NEW_KEY);
  expect(await keys.revoke(KEY.id)).toEqual(KEY);

  expect(api.requests.map(({ body }) => body).filter((body) => body !== '')).toEqual([
    '{"name":"ci","scopes":["jobs:read"]}',
    '{"overlapSeconds":60}',
  ]);
});

test('what is no key id is never sent: it could be a whole key, or another path', async () => {
  const api = await anApi();
  const { keys } = aClient(api).client;

  for (const id of [NEW_KEY.key, '..', '']) await expect(keys.revoke(id)).rejects.toThrow(TypeError);
  expect(api.requests).toEqual([]);
});

test('a reply that is not a key is told apart', async () => {
  const api = await anApi();
  const { keys } = aClient(api).client;
  api.on('POST /v1/keys', { status: 201, body: KEY });

  await expect(keys.create({ name: 'ci', scopes: ['jobs:read'] })).rejects.toThrow('not an API key');
});
