import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { APIGatewayProxyEventSchema } from '@aws-lambda-powertools/parser/schemas/api-gateway';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiRoute } from '@afterimage/app-config';
import { problemSchema } from '@afterimage/job-schemas';
import { deferred } from '@afterimage/testing';
import { openGateway, PortTakenError } from '../src/gateway/gateway.ts';
import { makeAuthorizer } from '../src/gateway/authorizer.ts';
import { FunctionError } from '../src/lambda/function-error.ts';
import { aFunction } from './bundles.ts';
import { openAddresses } from './open-addresses.ts';

const ROUTES = [
  { method: 'GET', path: '/things', function: 'status-api', scope: 'jobs:read' },
  { method: 'POST', path: '/things', function: 'submit-api', scope: 'jobs:write' },
  { method: 'GET', path: '/things/{id}', function: 'status-api', scope: 'jobs:read' },
  { method: 'POST', path: '/public', function: 'status-api', scope: null },
] as const satisfies readonly ApiRoute[];

/** As an authorizer of ours: throws without a key, denies the key "reader" everything but GET. */
const AUTHORIZER = `exports.handler = async ({ headers, methodArn }) => {
  const key = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? headers['X-Api-Key'];
  if (key === undefined) throw new Error('Unauthorized');
  if (key === 'broken') throw new Error('the table is gone');
  const Resource = methodArn.split('/').slice(0, 2).join('/') + (key === 'reader' ? '/GET/*' : '/*');
  return {
    principalId: key,
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource }] },
    context: { tenantId: 'local', keyId: key },
  };
};`;

type Invoke = (event: APIGatewayProxyEvent) => Promise<unknown>;
const ok: Invoke = async () => ({ statusCode: 200, body: '{}' });

async function startGateway(invoke: Invoke, integrationTimeoutMs = 29_000): Promise<string> {
  const authorizer = aFunction(AUTHORIZER);
  const gateway = await openGateway(0, 'PORT');
  onTestFinished(() => gateway.stop(0));
  const authorize = makeAuthorizer({ invoke: (event) => authorizer.invoke(event), cacheMs: 0, now: Date.now });
  gateway.serve({ routes: ROUTES, authorize, invoke: (_route, event) => invoke(event), integrationTimeoutMs });
  return gateway.url;
}

function withKey(key: string, init: RequestInit = {}): RequestInit {
  return { ...init, headers: { ...init.headers, authorization: `Bearer ${key}` } };
}

async function problem(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = problemSchema.parse(await response.json());
  expect(body.status).toBe(response.status);
  expect(body.requestId).toBe(response.headers.get('x-amzn-requestid'));
  return body;
}

describe('the gateway', () => {
  it('hands the function a proxy event, and its answer to the client', async () => {
    const seen = deferred<APIGatewayProxyEvent>();
    const url = await startGateway(async (event) => {
      seen.resolve(event);
      return {
        statusCode: 201,
        headers: { Location: '/things/1' },
        multiValueHeaders: { 'X-A': ['1', '2'] },
        body: '{"a":1}',
      };
    });

    const headers = { 'content-type': 'application/json', 'X-Mixed-Case': 'yes' };
    const response = await fetch(
      `${url}/things?a=1&a=2`,
      withKey('writer', { method: 'POST', body: '{"x":1}', headers }),
    );

    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/things/1');
    expect(response.headers.get('x-a')).toBe('1, 2');
    expect(await response.json()).toEqual({ a: 1 });
    const event = await seen.promise;
    expect(() => APIGatewayProxyEventSchema.parse(event)).not.toThrow();
    expect(event).toMatchObject({
      resource: '/things',
      httpMethod: 'POST',
      body: '{"x":1}',
      multiValueQueryStringParameters: { a: ['1', '2'] },
      requestContext: {
        requestId: response.headers.get('x-amzn-requestid'),
        authorizer: { tenantId: 'local', keyId: 'writer', principalId: 'writer' },
      },
    });
    expect(event.headers['X-Amzn-Trace-Id']).toBe(response.headers.get('x-amzn-trace-id'));
    expect(event.headers['X-Forwarded-For']).toBe('127.0.0.1');
  });

  it('keeps the case of header names and the trace that the client brings', async () => {
    const seen = deferred<APIGatewayProxyEvent>();
    const url = await startGateway(async (event) => {
      seen.resolve(event);
      return { statusCode: 200 };
    });

    const headers = [
      'X-Mixed-CASE',
      'a',
      'X-Api-Key',
      'k',
      'x-amzn-trace-id',
      'Root=1-2-3',
      'Host',
      'here',
      'x-mixed-case',
      'b',
    ];
    httpRequest(`${url}/things`, { headers }).end();

    const event = await seen.promise;
    expect(event.multiValueHeaders).toMatchObject({ 'X-Mixed-CASE': ['a', 'b'], Host: ['here'] });
    expect(event.headers).toMatchObject({ 'X-Mixed-CASE': 'b', 'x-amzn-trace-id': 'Root=1-2-3' });
    expect(event.headers).not.toHaveProperty('Connection');
  });

  it('carries binary both ways as base64', async () => {
    const url = await startGateway(async ({ body, isBase64Encoded }) => ({
      statusCode: 200,
      headers: { 'content-type': 'image/png' },
      body,
      isBase64Encoded,
    }));
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

    const headers = { 'content-type': 'application/octet-stream' };
    const response = await fetch(`${url}/public`, { method: 'POST', body: bytes, headers });

    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  it('keeps connections for longer than clients do, which therefore do not send into one that closes', async () => {
    const url = await startGateway(ok);

    const { headers } = await fetch(`${url}/public`, { method: 'POST' });

    expect(headers.get('keep-alive')).toBe('timeout=75');
  });

  it('does not ask the authorizer about a public route', async () => {
    const url = await startGateway(async ({ requestContext }) => ({
      statusCode: 200,
      body: JSON.stringify(requestContext.authorizer),
    }));

    const response = await fetch(`${url}/public`, { method: 'POST', headers: { authorization: 'Bearer broken' } });

    expect(await response.json()).toBeNull();
  });

  it.each([
    ['no key', {}, 401, 'unauthenticated'],
    ['a key that may not', withKey('reader', { method: 'POST' }), 403, 'insufficient-scope'],
    ['an authorizer that fails', withKey('broken'), 500, 'internal'],
  ])('refuses a request with %s', async (_what, init, status, code) => {
    const response = await fetch(`${await startGateway(ok)}/things`, init);

    expect(response.status).toBe(status);
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    expect(await problem(response)).toMatchObject({ code, instance: '/things' });
  });

  it.each([
    ['a path that is not there', 'GET', '/nothing', 404],
    ['a method that the path does not take', 'DELETE', '/things', 405],
    ['a path that cannot be decoded', 'GET', '/things/%zz', 400],
  ])('answers %s by itself', async (_what, method, path, status) => {
    const response = await fetch(`${await startGateway(ok)}${path}`, withKey('writer', { method }));

    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(status === 405 ? 'OPTIONS, GET, POST' : null);
    await problem(response);
  });

  it('answers OPTIONS and HEAD without asking a function', async () => {
    const url = await startGateway(() => Promise.reject(new Error('asked')));

    const options = await fetch(`${url}/things`, { method: 'OPTIONS' });
    const head = await fetch(`${url}/things`, { method: 'HEAD' });

    expect([options.status, options.headers.get('allow')]).toEqual([204, 'OPTIONS, GET, POST']);
    expect([head.status, await head.text()]).toEqual([405, '']);
  });

  it.each([
    ['throws', () => Promise.reject(new FunctionError('unhandled', 'secret')), 502, 'internal'],
    ['gives a malformed result', async () => ({ body: 'no status' }), 502, 'internal'],
    ['gives a header that cannot be sent', async () => ({ statusCode: 200, headers: { a: '\n' } }), 502, 'internal'],
    ['is too slow', () => new Promise(() => {}), 504, 'unavailable'],
  ])('answers for a function that %s', async (_what, invoke, status, code) => {
    const response = await fetch(`${await startGateway(invoke, 50)}/public`, { method: 'POST' });

    expect(response.status).toBe(status);
    const body = await problem(response);
    expect(body.code).toBe(code);
    expect(body.detail).not.toContain('secret');
  });

  it('refuses a body over 10 MB, and one that a function cannot take', async () => {
    const lambda = aFunction('exports.handler = async () => ({ statusCode: 200 });');
    const url = await startGateway((event) => lambda.invoke(event));
    const send = (bytes: number) => fetch(`${url}/public`, { method: 'POST', body: 'x'.repeat(bytes) });

    const responses = await Promise.all([send(10 * 1024 * 1024 + 1), send(7 * 1024 * 1024), send(1024 * 1024)]);

    expect(responses.map(({ status }) => status)).toEqual([413, 413, 200]);
  });

  it('lets an invocation run to its end when the client goes away', async () => {
    const [started, release, ended] = [deferred<void>(), deferred<void>(), deferred<string>()];
    const url = await startGateway(async () => {
      started.resolve();
      await release.promise;
      ended.resolve('ran to its end');
      return { statusCode: 200 };
    });
    const leaving = new AbortController();
    const response = fetch(`${url}/public`, { method: 'POST', signal: leaving.signal });
    const left = response.catch((error: unknown) => error);
    await started.promise;

    leaving.abort();
    expect(await left).toMatchObject({ name: 'AbortError' });
    release.resolve();

    expect(await ended.promise).toBe('ran to its end');
  });

  it('answers 503 until it serves', async () => {
    const gateway = await openGateway(0, 'PORT');
    onTestFinished(() => gateway.stop(0));

    const response = await fetch(`${gateway.url}/things`);

    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
  });

  it('answers what is not HTTP with a problem', async () => {
    const { port } = new URL(await startGateway(ok));
    const socket = connect(Number(port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write('NOT HTTP\r\n\r\n');

    const text = Buffer.concat(await socket.toArray()).toString();

    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"code":"malformed-request"');
  });

  it('names the variable to change when its port is taken', async () => {
    const { port } = new URL(await startGateway(ok));

    const second = openGateway(Number(port), 'AFTERIMAGE_PORT');

    await expect(second).rejects.toThrow(PortTakenError);
    await expect(second).rejects.toThrow(new RegExp(`port ${port} is taken.*AFTERIMAGE_PORT=`));
  });

  it('is closed on every address but loopback', async () => {
    const everywhere = createServer().listen(0, '0.0.0.0');
    await once(everywhere, 'listening');
    onTestFinished(() => void everywhere.close());

    expect(await openAddresses(Number(new URL(await startGateway(ok)).port))).toEqual([]);
    expect(await openAddresses((everywhere.address() as AddressInfo).port)).not.toEqual([]);
  });
});
