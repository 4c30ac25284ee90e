import { expect, onTestFinished, test } from 'vitest';
import { startFakeApi, type FakeApi } from '@afterimage/testing/fake-api';
import { lines, run } from './run.ts';

const KEY = {
  id: '4fGh7Kx2Qm9Z',
  object: 'api_key',
  name: 'ci',
  scopes: ['jobs:read', 'admin'],
  createdAt: '2026-01-01T12:00:00.000Z',
  revokedAt: null,
};
const NEW_KEY = { ...KEY, key: `ai_${KEY.id}_${'0'.repeat(40)}` };

async function anApi(): Promise<FakeApi> {
  const api = await startFakeApi();
  onTestFinished(() => api[Symbol.asyncDispose]());
  return api;
}

test('keys create prints the key alone on stdout', async () => {
  const api = await anApi();
  api.on('POST /v1/keys', { status: 201, body: NEW_KEY });

  const args = ['keys', 'create', 'ci', '--scope', 'jobs:read', 'admin'];
  const result = await run(args, { apiUrl: api.url, isTerminal: true });

  expect(result).toMatchObject({ exitCode: 0, stdout: `${NEW_KEY.key}\n` });
  expect(result.stderr).toContain('it is not shown again');
  expect(JSON.parse(api.requests[0]?.body ?? '')).toEqual({ name: 'ci', scopes: ['jobs:read', 'admin'] });
  expect(lines(await run(args, { apiUrl: api.url }))).toEqual([NEW_KEY]);
});

test('keys ls tells which keys work', async () => {
  const api = await anApi();
  const ended = { ...KEY, id: '000000000000', revokedAt: '2026-01-02T03:04:05.000Z' };
  const ending = { ...KEY, id: '111111111111', revokedAt: '2026-01-02T03:04:05.001Z' };
  api.on('GET /v1/keys', { status: 200, body: { data: [KEY, ending, ended], nextCursor: null } });

  const { stdout } = await run(['keys', 'ls'], { apiUrl: api.url, isTerminal: true });

  expect(stdout.split('\n')).toEqual([
    'ID            NAME  SCOPES           STATE',
    '4fGh7Kx2Qm9Z  ci    jobs:read,admin  active',
    '111111111111  ci    jobs:read,admin  ends 2026-01-02T03:04:05.001Z',
    '000000000000  ci    jobs:read,admin  revoked 2026-01-02T03:04:05.000Z',
    '',
  ]);
});

test('keys rotate and revoke name the key', async () => {
  const api = await anApi();
  api.on(`POST /v1/keys/${KEY.id}/rotate`, { status: 201, body: NEW_KEY });
  api.on(`POST /v1/keys/${KEY.id}/revoke`, { status: 200, body: KEY });
  const terminal = { apiUrl: api.url, isTerminal: true };

  expect((await run(['keys', 'rotate', KEY.id, '--overlap', '60'], terminal)).stdout).toBe(`${NEW_KEY.key}\n`);
  expect((await run(['keys', 'revoke', KEY.id], terminal)).stdout).toContain(`key ${KEY.id} (ci) stops working`);
  expect(api.requests[0]?.body).toBe('{"overlapSeconds":60}');
});

test.each([
  [['keys', 'create', 'ci'], "required option '--scope"],
  [['keys', 'create', 'ci', '--scope', 'root'], 'Allowed choices are jobs:read'],
  [['keys', 'revoke', NEW_KEY.key], 'must be the id of a key'],
])('%j is refused before any request', async (args, message) => {
  const api = await anApi();

  const result = await run(args, { apiUrl: api.url });

  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain(message);
  expect(api.requests).toEqual([]);
});
