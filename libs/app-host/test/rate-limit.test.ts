import { describe, expect, it } from 'vitest';
import { DependencyUnavailableError, ProblemError, type RateStore } from '@afterimage/job-core';
import { problemSchema } from '@afterimage/job-schemas';
import { InMemoryRateStore, recordingTelemetry } from '@afterimage/testing';
import { httpHandler, type Route } from '../src/lambda/http-handler.ts';
import { anApiEvent, CONTEXT, noTracing } from './api-event.ts';

function setUp(rates: RateStore = new InMemoryRateStore()) {
  const telemetry = recordingTelemetry();
  const route = (overrides: Partial<Route>): Route => ({
    scope: 'x',
    handle: async () => ({ status: 200 }),
    ...overrides,
  });
  const notFound = () => Promise.reject(new ProblemError('not-found', { detail: 'there is none' }));
  const handler = httpHandler({
    telemetry,
    tracing: noTracing,
    rates,
    routes: {
      'POST /v1/things': route({ rate: 'create' }),
      'GET /v1/things': route({}),
      'GET /v1/missing': route({ handle: notFound }),
      'GET /v1/health': route({ scope: null }),
    },
  });
  const call = async (key: string, { tenantId = 'tenant-1', scopes = 'x' } = {}) => {
    const [httpMethod, path] = key.split(' ') as [string, string];
    const quotas = JSON.stringify({ createPerMinute: 1, requestsPerMinute: 2 });
    const authorizer = { tenantId, keyId: 'key-1', scopes, quotas };
    const requestContext = { requestId: 'request-1', authorizer };
    // Every invocation has a context of its own.
    return handler(anApiEvent({ httpMethod, resource: path, path, requestContext }), { ...CONTEXT });
  };
  return { call, counts: telemetry.counts };
}

describe('the rate limit fields', () => {
  it('tell the policy and what is left of it, apart for requests that create', async () => {
    const { call } = setUp();

    expect((await call('POST /v1/things')).headers).toMatchObject({
      'ratelimit-policy': '"create";q=1;w=60',
      ratelimit: expect.stringMatching(/^"create";r=0;t=\d+$/),
    });
    expect((await call('GET /v1/things')).headers).toMatchObject({
      'ratelimit-policy': '"requests";q=2;w=60',
      ratelimit: expect.stringMatching(/^"requests";r=1;t=\d+$/),
    });
  });

  it('are on problems too, whatever they are of', async () => {
    const { call } = setUp();

    expect(await call('GET /v1/missing')).toMatchObject({
      statusCode: 404,
      headers: { ratelimit: expect.stringContaining('r=1') },
    });
    expect(await call('GET /v1/things', { scopes: '' })).toMatchObject({
      statusCode: 403,
      headers: { ratelimit: expect.stringContaining('r=0') },
    });
  });

  it('are on no public route, which is not counted', async () => {
    const { call } = setUp();

    for (let i = 0; i < 5; i += 1) expect((await call('GET /v1/health')).headers).not.toHaveProperty('ratelimit');
  });
});

describe('a request above the limit', () => {
  it('is told when there is more, and does not reach its route', async () => {
    const { call, counts } = setUp();
    await call('POST /v1/things');

    const { statusCode, headers = {}, body } = await call('POST /v1/things');

    expect(statusCode).toBe(429);
    expect(problemSchema.parse(JSON.parse(body))).toMatchObject({ code: 'rate-limited', retryable: true });
    const [, reset] = /t=(\d+)$/.exec(String(headers['ratelimit'])) ?? [];
    expect(headers['retry-after']).toBe(reset);
    expect(counts.get('RateLimited')).toBe(1);
  });

  it('takes nothing from another tenant', async () => {
    const { call } = setUp();
    await call('POST /v1/things');

    expect((await call('POST /v1/things', { tenantId: 'tenant-2' })).statusCode).toBe(200);
  });
});

it('requests pass when they cannot be counted, and that is', async () => {
  const { call, counts } = setUp({ take: () => Promise.reject(new DependencyUnavailableError('throttled')) });

  const { statusCode, headers } = await call('POST /v1/things');

  expect(statusCode).toBe(200);
  expect(headers).toMatchObject({ 'ratelimit-policy': '"create";q=1;w=60' });
  expect(headers).not.toHaveProperty('ratelimit');
  expect(counts.get('RateLimitUnavailable')).toBe(1);
});
