import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DependencyUnavailableError, ProblemError } from '@afterimage/job-core';
import { LIMITS, problemSchema } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import type { ApiEvent } from '../src/lambda/api-request.ts';
import { type Route, httpHandler } from '../src/lambda/http-handler.ts';
import { parseBody } from '../src/http/parse-body.ts';
import { anApiEvent, CONTEXT, noTracing } from './api-event.ts';

function setUp(handle: Route['handle'], scope: string | null = 'things:write') {
  const lines: string[] = [];
  const counts: string[] = [];
  const flushed: string[][] = [];
  const write = (message: string, fields?: object) => void lines.push(JSON.stringify({ message, ...fields }));
  const telemetry: Telemetry = {
    log: { debug: write, info: write, warn: write, error: write },
    metrics: {
      count: (name) => void counts.push(name),
      duration: () => undefined,
      gauge: () => undefined,
      flush: () => void flushed.push(counts.splice(0)),
    },
  };
  const handler = httpHandler({ telemetry, tracing: noTracing, routes: { 'POST /v1/things/{id}': { scope, handle } } });
  const call = async (event: Partial<ApiEvent> = {}) => {
    const result = await handler(anApiEvent(event), CONTEXT);
    return { ...result, json: result.body === '' ? undefined : JSON.parse(result.body) };
  };
  return { call, lines, flushed };
}

const echo: Route['handle'] = async (request) => ({
  status: 200,
  body: { id: request.param('id'), tenant: request.tenantId(), body: request.json(), query: request.query() },
});

describe('httpHandler', () => {
  it('hands the request to its route and writes the answer as JSON', async () => {
    const { call, flushed } = setUp(echo);

    const result = await call({
      body: Buffer.from('{"a":"ü"}').toString('base64'),
      isBase64Encoded: true,
      multiValueQueryStringParameters: { limit: ['5'] },
    });

    expect(result).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'x-request-id': 'request-1', 'cache-control': 'no-store' },
      json: { id: '7', tenant: 'tenant-1', body: { a: 'ü' }, query: { limit: '5' } },
    });
    expect(flushed).toEqual([['RequestServed']]);
  });

  it('reads a body as a route wants it read', async () => {
    const options = { maxBytes: 100, anyMediaType: true };
    const { call } = setUp(async (request) => ({ status: 200, body: { read: request.json(options) } }));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };

    expect(await call({ headers, body: '{"a":1}' })).toMatchObject({ statusCode: 200, json: { read: { a: 1 } } });
    expect(await call({ headers, body: `"${'x'.repeat(99)}"` })).toMatchObject({ statusCode: 413 });
    expect(await call({ headers, body: 'a=1' })).toMatchObject({ statusCode: 400 });
  });

  it.each([
    ['nothing', null, undefined],
    ['a body', '{"a":1}', { a: 1 }],
  ])('lets a route do with %s where the body is optional', async (_name, body, read) => {
    const { call } = setUp(async (request) => ({ status: 200, body: { read: request.optionalJson() } }));

    expect((await call({ body })).json).toEqual(read === undefined ? {} : { read });
  });

  it('sends no body where there is none', async () => {
    const { call } = setUp(async () => ({ status: 304, headers: { etag: 'W/"1"' } }));

    const result = await call();

    expect(result.body).toBe('');
    expect(result.headers).not.toHaveProperty('content-type');
  });

  it.each<[string, Partial<ApiEvent>, number, string]>([
    ['no body', { body: null }, 400, 'malformed-request'],
    ['a body that is not JSON', { body: '{"a":' }, 400, 'malformed-request'],
    ['no content type', { headers: {} }, 415, 'unsupported-media-type'],
    ['another content type', { headers: { 'content-type': 'text/plain' } }, 415, 'unsupported-media-type'],
    ['a large body', { body: `"${'x'.repeat(LIMITS.bodyBytes)}"` }, 413, 'payload-too-large'],
    ['a parameter given twice', { multiValueQueryStringParameters: { limit: ['1', '2'] } }, 422, 'validation-failed'],
    ['nobody signed in', { requestContext: { requestId: 'request-1', authorizer: null } }, 401, 'unauthenticated'],
    [
      'a key without the scope',
      { requestContext: { requestId: 'request-1', authorizer: { tenantId: 't', keyId: 'k', scopes: 'things:read' } } },
      403,
      'insufficient-scope',
    ],
    ['an unknown route', { resource: '/v1/other', path: '/v1/other' }, 404, 'not-found'],
  ])('answers %s with a problem', async (_name, event, status, code) => {
    const { call, flushed } = setUp(echo);

    const result = await call(event);

    expect(result.statusCode).toBe(status);
    expect(result.headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(problemSchema.parse(result.json)).toMatchObject({ code, status, requestId: 'request-1' });
    expect(flushed).toEqual([['RequestRefused']]);
  });

  it('says how to sign in', async () => {
    const { call } = setUp(echo);

    expect((await call({ requestContext: { requestId: 'r', authorizer: null } })).headers).toMatchObject({
      'www-authenticate': 'Bearer',
    });
  });

  it('serves a public route without a key', async () => {
    const { call } = setUp(async () => ({ status: 200, body: {} }), null);

    expect(await call({ requestContext: { requestId: 'r', authorizer: null } })).toMatchObject({ statusCode: 200 });
  });

  it('answers a bug with a blank 500, and logs its cause', async () => {
    const { call, lines } = setUp(() => Promise.reject(new TypeError('secret of the database')));

    const result = await call();

    expect(result.statusCode).toBe(500);
    expect(result.body).not.toContain('secret');
    expect(problemSchema.parse(result.json)).toMatchObject({ code: 'internal', retryable: true });
    expect(lines.join()).toContain('request failed');
  });

  it('answers an outage with 503 and when to try again', async () => {
    const { call } = setUp(() => Promise.reject(new DependencyUnavailableError('throttled')));

    expect(await call()).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '2' },
      json: { code: 'unavailable' },
    });
  });

  it('passes on Retry-After and field errors of a problem', async () => {
    const details = { detail: 'slow down', errors: [{ pointer: '#/a', code: 'x', detail: 'y', limit: 1 }] };
    const { call } = setUp(() => Promise.reject(new ProblemError('rate-limited', details, { retryAfterSeconds: 7 })));

    expect(await call()).toMatchObject({
      statusCode: 429,
      headers: { 'retry-after': '7' },
      json: { errors: details.errors },
    });
  });

  it('names each wrong field, and logs none of its content', async () => {
    const schema = z.strictObject({ prompt: z.string(), size: z.int().max(10) });
    const { call, lines } = setUp(async (request) => ({ status: 200, body: parseBody(schema, request.json()) }));

    const result = await call({ body: JSON.stringify({ prompt: 'a hidden garden', sise: 3, size: 11 }) });

    expect(result.json).toMatchObject({
      status: 422,
      detail: '2 fields are invalid',
      errors: [
        { pointer: '#/size', code: 'too_big', limit: 10 },
        { pointer: '#/sise', code: 'unknown_field', detail: expect.stringContaining('did you mean "size"') },
      ],
    });
    expect(lines.join()).not.toContain('hidden garden');
  });
});
