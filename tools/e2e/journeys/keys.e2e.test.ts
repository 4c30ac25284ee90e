import { apiKeyListSchema, apiKeySchema, newApiKeySchema, type Scope } from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRequest } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;

beforeAll(async () => {
  test = await startTestStack({ workers: 0, authorizerCacheMs: 200 });
});
afterAll(() => test.stop());

async function create(scopes: readonly Scope[]) {
  const body = { name: 'a key', scopes };
  const { status, json } = await test.client.call('/v1/keys', { method: 'POST', body });
  expect(status).toBe(201);
  return newApiKeySchema.strict().parse(json);
}

const statusOf = async (path: string, apiKey: string) => (await test.client.call(path, { apiKey })).status;

describe('an API key', () => {
  it('may do what its scopes say, and nothing else', async () => {
    const { key } = await create(['jobs:read']);

    expect(await statusOf('/v1/jobs', key)).toBe(200);
    const post = { method: 'POST', body: aRequest(), apiKey: key } as const;
    expect(await test.client.call('/v1/jobs', post)).toMatchObject({
      status: 403,
      json: { code: 'insufficient-scope' },
    });
    expect(await statusOf('/v1/keys', key)).toBe(403);
  });

  it('stops working soon after it is revoked, and is listed as such', async () => {
    const { id, key } = await create(['jobs:read']);
    expect(await statusOf('/v1/jobs', key)).toBe(200);

    const revoked = await test.client.call(`/v1/keys/${id}/revoke`, { method: 'POST' });

    expect(apiKeySchema.strict().parse(revoked.json).revokedAt).not.toBeNull();
    await waitFor(async () => (await statusOf('/v1/jobs', key)) === 401, {
      timeoutMs: 5000,
      what: 'the end of the key',
    });
    const { data } = apiKeyListSchema.parse((await test.client.call('/v1/keys')).json);
    expect(data.find((each) => each.id === id)?.revokedAt).not.toBeNull();
  });

  it('works beside the one that takes its place until the overlap is over', async () => {
    const old = await create(['jobs:read']);

    const answer = await test.client.call(`/v1/keys/${old.id}/rotate`, { method: 'POST', body: { overlapSeconds: 2 } });

    const young = newApiKeySchema.parse(answer.json);
    expect([await statusOf('/v1/jobs', old.key), await statusOf('/v1/jobs', young.key)]).toEqual([200, 200]);
    await waitFor(async () => (await statusOf('/v1/jobs', old.key)) === 401, {
      timeoutMs: 10_000,
      what: 'the end of the overlap',
    });
    expect(await statusOf('/v1/jobs', young.key)).toBe(200);
  });
});
