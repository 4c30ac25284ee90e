import { LIMITS, webhookEndpointWithSecretSchema } from '@afterimage/job-schemas';
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

describe('create', () => {
  test('shows the secret, and everything by default', async () => {
    const { routes, call, clock } = aWebhookApi();

    const response = await call(routes.create, { body: { url: URL } });

    const { id, secret, ...rest } = webhookEndpointWithSecretSchema.parse(response.body);
    expect(response).toMatchObject({
      status: 201,
      headers: { location: `https://api.example.com/v1/webhook-endpoints/${id}` },
    });
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    expect(rest).toEqual({
      object: 'webhook_endpoint',
      url: URL,
      events: ['job.succeeded', 'job.failed', 'job.canceled', 'job.expired', 'batch.completed'],
      description: '',
      enabled: true,
      disabledReason: null,
      disabledAt: null,
      failingSince: null,
      secretRotatedUntil: null,
      createdAt: clock.now().toISOString(),
      updatedAt: clock.now().toISOString(),
    });
  });

  test('stores the secret sealed, and shows or logs it nowhere else', async () => {
    const { routes, call, created, id, endpoints, secretBox, telemetry } = await aCreated();

    const stored = await endpoints.get(TENANT, id);

    expect(JSON.stringify(stored)).not.toContain(created.secret.slice(6));
    expect(secretBox.open(stored?.secrets[0]?.sealed ?? '', id)).toBe(created.secret);
    for (const route of [routes.get, routes.list]) {
      expect(JSON.stringify(await call(route, { id }))).not.toContain('whsec_');
    }
    expect(JSON.stringify(telemetry.lines)).not.toMatch(/whsec_|hooks\.example\.com/);
  });

  test.each([
    ['http://a.example/?secret=1', 'the URL must be https, got "http://a.example/…"'],
    ['http://127.0.0.1/', 'the URL must be https, got "http://127.0.0.1"'],
    ['https://user:pass@a.example', 'the URL must not contain a user name or password, got "https://…@a.example/…"'],
    ['https://10.0.0.1/secret', 'the host has an address that may not be called, got "https://10.0.0.1/…"'],
    ['https://[::ffff:a00:1]/', 'the host has an address that may not be called, got "https://[::ffff:a00:1]"'],
    ['https://hooks.internal/', 'the host is not a public name, got "https://hooks.internal"'],
  ])('refuses %s', async (url, what) => {
    const { routes, call, endpoints } = aWebhookApi();

    expect(await problemOf(call(routes.create, { body: { url } }))).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '#/url', code: 'forbidden_url', detail: `must be an https URL of a public host: ${what}` }],
    });
    expect(await endpoints.list(TENANT)).toEqual([]);
  });

  test.each<[object, string]>([
    [{}, '#/url'],
    [{ url: 'nowhere' }, '#/url'],
    [{ url: 'ftp://hooks.example.com/a' }, '#/url'],
    [{ url: URL, events: [] }, '#/events'],
    [{ url: URL, events: ['job.done'] }, '#/events/0'],
    [{ url: URL, description: 'x'.repeat(201) }, '#/description'],
    [{ url: URL, secret: 'whsec_bXk=' }, '#/secret'],
  ])('names what is wrong with %j', async (body, pointer) => {
    const { routes, call } = aWebhookApi();

    expect(await problemOf(call(routes.create, { body }))).toMatchObject({ errors: [{ pointer }] });
  });

  test('allows loopback where the local stack does', async () => {
    const { routes, call } = aWebhookApi({ allowLoopback: true });

    expect(await call(routes.create, { body: { url: 'http://127.0.0.1:4010/hook' } })).toMatchObject({ status: 201 });
  });

  test('stops at the limit of the tenant, also when all come at once', async () => {
    const { routes, call, endpoints } = aWebhookApi();
    const create = () => call(routes.create, { body: { url: URL } });
    for (let count = 0; count < LIMITS.webhookEndpoints.count - 1; count++) await create();

    const results = await Promise.allSettled([create(), create(), create()]);

    expect((await endpoints.list(TENANT)).length).toBeLessThanOrEqual(LIMITS.webhookEndpoints.count);
    expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(2);
    while ((await endpoints.list(TENANT)).length < LIMITS.webhookEndpoints.count) await create();
    expect(await problemOf(create())).toEqual({
      code: 'webhook-endpoint-limit-reached',
      detail: 'a tenant may have 20 webhook endpoints, delete one first',
    });
    expect(await call(routes.create, { tenantId: 'other', body: { url: URL } })).toMatchObject({ status: 201 });
  });
});

describe('create with an idempotency key', () => {
  const body = { url: URL };
  const KEY = 'the-key-of-the-shop';

  async function aCreatedByKey() {
    const api = aWebhookApi();
    const create = (given: object = {}) => api.call(api.routes.create, { body, idempotencyKey: KEY, ...given });
    const response = await create();
    const created = webhookEndpointWithSecretSchema.parse(response.body);
    return { ...api, create, response, created, id: created.id };
  }

  test('makes one endpoint, and answers with its secret again, and as it is by then', async () => {
    const { routes, call, create, response, created, id, endpoints } = await aCreatedByKey();
    await call(routes.update, { id, body: { enabled: false } });

    const again = await create();

    expect(response.headers).not.toHaveProperty('idempotency-replayed');
    expect(again).toMatchObject({
      status: 201,
      headers: { location: response.headers?.['location'], 'idempotency-replayed': 'true' },
      body: { id, secret: created.secret, enabled: false },
    });
    expect(await endpoints.list(TENANT)).toHaveLength(1);
  });

  test('makes one endpoint of many requests at the same time', async () => {
    const { routes, call, endpoints } = aWebhookApi();
    const create = () => call(routes.create, { body, idempotencyKey: KEY });

    const answers = await Promise.all(Array.from({ length: 5 }, create));

    const created = answers.map((answer) => webhookEndpointWithSecretSchema.parse(answer.body));
    expect(new Set(created.map(({ id, secret }) => `${id} ${secret}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers?.['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(await endpoints.list(TENANT)).toHaveLength(1);
  });

  test('is bound to the tenant', async () => {
    const { create, id } = await aCreatedByKey();

    const other = webhookEndpointWithSecretSchema.parse((await create({ tenantId: 'other' })).body);

    expect(other.id).not.toBe(id);
  });

  test('is refused for another request, and names the endpoint', async () => {
    const { create, id, endpoints } = await aCreatedByKey();

    expect(await problemOf(create({ body: { ...body, description: 'another' } }))).toEqual({
      code: 'idempotency-key-reused',
      detail: `the idempotency key was used before, for ${id}, with another body`,
    });
    expect(await endpoints.list(TENANT)).toHaveLength(1);
  });

  test.each(['a rotation', '24 hours'])('shows the secret no more after %s', async (what) => {
    const { routes, call, create, id, clock } = await aCreatedByKey();
    if (what === 'a rotation') await call(routes.rotateSecret, { id });
    else clock.advance(24 * HOUR_MS);

    expect(await problemOf(create())).toEqual({
      code: 'idempotency-key-reused',
      detail: `the idempotency key was used before, for ${id}, whose secret is not shown any more: rotate it`,
    });
  });

  test('begins anew when the endpoint was deleted: nothing of its failures is left', async () => {
    const { routes, call, create, created, id, targets, clock } = await aCreatedByKey();
    await targets.countFailure(id, clock.now());
    await call(routes.remove, { id });

    const again = webhookEndpointWithSecretSchema.parse((await create()).body);

    expect(again).toMatchObject({ id, failingSince: null });
    expect(again.secret).not.toBe(created.secret);
    expect((await targets.health(id)).failingSince).toBeNull();
  });

  test('does not use the key up when it is refused', async () => {
    const { routes, call, endpoints } = aWebhookApi();
    const create = () => call(routes.create, { body, idempotencyKey: KEY });
    for (let count = 0; count < LIMITS.webhookEndpoints.count; count++) await call(routes.create, { body });
    expect(await problemOf(create())).toMatchObject({ code: 'webhook-endpoint-limit-reached' });

    const [first] = await endpoints.list(TENANT);
    await call(routes.remove, { id: first?.id ?? '' });

    expect((await create()).headers).not.toHaveProperty('idempotency-replayed');
  });

  test('answers no replay of an endpoint that is one too many, which its request takes back', async () => {
    const { create, endpoints } = await aCreatedByKey();
    for (let count = 0; count < LIMITS.webhookEndpoints.count; count++) await endpoints.create(aWebhookEndpoint());

    expect(await problemOf(create())).toMatchObject({ code: 'webhook-endpoint-limit-reached' });
  });

  test('names a key that is none', async () => {
    const { create } = await aCreatedByKey();

    expect(await problemOf(create({ idempotencyKey: 'ü' }))).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: 'Idempotency-Key' }],
    });
  });
});
