import { webhookEndpointSchema, webhookEndpointWithSecretSchema } from '@afterimage/job-schemas';
import { aWebhookEndpoint } from '@afterimage/testing';
import { describe, expect, test } from 'vitest';
import { aWebhookApi, problemOf, TENANT } from '../test/a-webhook-api.ts';

const URL = 'https://hooks.example.com/a?b=1';
const HOUR_MS = 3_600_000;

async function aCreated() {
  const api = aWebhookApi();
  const { body } = await api.call(api.routes.create, { body: { url: URL } });
  const created = webhookEndpointWithSecretSchema.parse(body);
  return { ...api, created, id: created.id };
}

describe('update', () => {
  test('changes what is given alone', async () => {
    const { routes, call, created, id } = await aCreated();

    const { body } = await call(routes.update, { id, body: { events: ['job.queued'], description: 'd' } });

    const { secret: _secret, ...before } = created;
    expect(body).toEqual({ ...before, events: ['job.queued'], description: 'd' });
  });

  test('disables and enables, and forgets the failures then', async () => {
    const { routes, call, id, clock, targets } = await aCreated();
    await targets.countFailure(id, clock.now());
    await call(routes.update, { id, body: { enabled: false } });

    const disabled = webhookEndpointSchema.parse((await call(routes.get, { id })).body);
    const enabled = (await call(routes.update, { id, body: { enabled: true } })).body;

    const since = clock.now().toISOString();
    expect(disabled).toMatchObject({
      enabled: false,
      disabledReason: 'manual',
      disabledAt: since,
      failingSince: since,
    });
    expect(enabled).toMatchObject({ enabled: true, disabledReason: null, disabledAt: null, failingSince: null });
  });

  test('keeps the reason of an endpoint that is disabled already', async () => {
    const { routes, call, endpoints } = aWebhookApi();
    const endpoint = aWebhookEndpoint({ disabledReason: 'gone', disabledAt: '2026-01-02T00:00:00.000Z' });
    await endpoints.create(endpoint);

    const { body } = await call(routes.update, { id: endpoint.id, body: { enabled: false } });

    expect(body).toMatchObject({ disabledReason: 'gone', disabledAt: '2026-01-02T00:00:00.000Z' });
  });

  test('loses nothing of changes at the same time', async () => {
    const { routes, call, id } = await aCreated();

    await Promise.all([
      call(routes.update, { id, body: { description: 'd' } }),
      call(routes.update, { id, body: { events: ['job.failed'] } }),
      call(routes.rotateSecret, { id }),
    ]);

    const { body } = await call(routes.get, { id });
    expect(body).toMatchObject({ description: 'd', events: ['job.failed'], secretRotatedUntil: expect.any(String) });
  });

  test('refuses a URL that create refuses', async () => {
    const { routes, call, id } = await aCreated();

    expect(await problemOf(call(routes.update, { id, body: { url: 'https://10.0.0.1/' } }))).toMatchObject({
      errors: [{ pointer: '#/url' }],
    });
  });
});

test('a rotation lets the old secret sign for 24 hours more', async () => {
  const { routes, call, id, created, clock, endpoints, secretBox } = await aCreated();

  const rotated = webhookEndpointWithSecretSchema.parse((await call(routes.rotateSecret, { id })).body);

  const ends = new Date(clock.now().getTime() + 24 * HOUR_MS).toISOString();
  expect(rotated.secret).not.toBe(created.secret);
  expect(rotated.secretRotatedUntil).toBe(ends);
  const stored = (await endpoints.get(TENANT, id))?.secrets ?? [];
  expect(stored.map(({ sealed, expiresAt }) => [secretBox.open(sealed, id), expiresAt])).toEqual([
    [rotated.secret, null],
    [created.secret, ends],
  ]);
  clock.advance(24 * HOUR_MS);
  expect((await call(routes.get, { id })).body).toMatchObject({ secretRotatedUntil: null });
  await call(routes.rotateSecret, { id });
  expect((await endpoints.get(TENANT, id))?.secrets).toHaveLength(2);
});

test('a deleted endpoint is gone', async () => {
  const { routes, call, id } = await aCreated();

  expect(await call(routes.remove, { id })).toEqual({ status: 204 });

  expect(await problemOf(call(routes.remove, { id }))).toMatchObject({ code: 'not-found' });
  expect((await call(routes.list)).body).toEqual({ data: [], nextCursor: null });
});

test('another tenant finds nothing on any route', async () => {
  const api = await aCreated();
  const { create: _create, list, getDelivery: _get, redeliver: _redeliver, ...ofEndpoint } = api.routes;
  const given = {
    tenantId: 'other',
    id: api.id,
    body: { description: 'mine' },
    query: { since: '2026-01-01T00:00:00Z' },
  };

  for (const route of Object.values(ofEndpoint)) {
    const query = route === api.routes.redeliverFailed ? given.query : {};
    expect(await problemOf(api.call(route, { ...given, query }))).toMatchObject({ code: 'not-found' });
  }
  expect((await api.call(list, { tenantId: 'other' })).body).toEqual({ data: [], nextCursor: null });
});
