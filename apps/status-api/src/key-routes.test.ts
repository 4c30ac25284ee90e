import { describe, expect, it } from 'vitest';
import type { ApiRequest } from '@afterimage/app-host/lambda';
import { makeManageKeys, newApiKeyParts } from '@afterimage/job-core';
import { apiKeyListSchema, apiKeySchema, newApiKeySchema } from '@afterimage/job-schemas';
import { FakeClock, InMemoryKeyStore } from '@afterimage/testing';
import { anApiRequest } from '../test/an-api-request.ts';
import { makeKeyRoutes } from './key-routes.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 29_000 };

function setUp() {
  let next = 0;
  const clock = new FakeClock();
  const newKeyParts = () => newApiKeyParts((limit) => next++ % limit);
  const routes = makeKeyRoutes(makeManageKeys({ keys: new InMemoryKeyStore(), now: clock.now, newKeyParts }));
  const aRequest = (body: unknown, id = ''): ApiRequest => ({
    ...anApiRequest({ params: { id } }),
    json: () => body,
    optionalJson: () => body,
  });
  const create = async () => {
    const answer = await routes.create(aRequest({ name: 'ci', scopes: ['jobs:read'] }), CONTEXT);
    return newApiKeySchema.strict().parse(answer.body);
  };
  return { routes, aRequest, create };
}

describe('the routes of keys', () => {
  it('create, list, show, rotate and revoke a key', async () => {
    const { routes, aRequest, create } = setUp();
    const { key, ...shown } = await create();

    expect(key).toMatch(/^ai_\w{12}_\w{40}$/);
    expect(await routes.get(aRequest(undefined, shown.id), CONTEXT)).toEqual({ status: 200, body: shown });
    const rotated = await routes.rotate(aRequest(undefined, shown.id), CONTEXT);
    expect(rotated).toMatchObject({ status: 201, body: { name: 'ci', scopes: ['jobs:read'], revokedAt: null } });
    const revoked = await routes.revoke(aRequest(undefined, shown.id), CONTEXT);
    expect(apiKeySchema.strict().parse(revoked.body)).toMatchObject({ id: shown.id, revokedAt: expect.any(String) });
    const { data } = apiKeyListSchema.parse((await routes.list(aRequest(undefined), CONTEXT)).body);
    expect(data.map(({ id }) => id)).toContain(shown.id);
    expect(data).toHaveLength(2);
  });

  it.each([
    [{ scopes: ['jobs:read'] }, '#/name'],
    [{ name: '', scopes: ['jobs:read'] }, '#/name'],
    [{ name: 'x'.repeat(101), scopes: ['jobs:read'] }, '#/name'],
    [{ name: 'x', scopes: [] }, '#/scopes'],
    [{ name: 'x', scopes: ['jobs:read', 'jobs:read'] }, '#/scopes'],
    [{ name: 'x', scopes: ['root'] }, '#/scopes/0'],
    [{ name: 'x', scopes: ['admin'], secret: 'mine' }, '#/secret'],
  ])('refuse to create %j', async (body, pointer) => {
    const { routes, aRequest } = setUp();

    await expect(routes.create(aRequest(body), CONTEXT)).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer }] },
    });
  });

  it('refuse an overlap of more than a week', async () => {
    const { routes, aRequest, create } = setUp();
    const { id } = await create();

    await expect(routes.rotate(aRequest({ overlapSeconds: 604_801 }, id), CONTEXT)).rejects.toMatchObject({
      details: { errors: [{ pointer: '#/overlapSeconds', limit: 604_800 }] },
    });
  });
});
