import { describe, expect, test } from 'vitest';
import { aJob, JOB_ID } from '@afterimage/testing/fake-api';
import { toProblem } from '@afterimage/job-schemas';
import {
  ApiError,
  ConnectionError,
  RateLimitError,
  RedirectError,
  TimeoutError,
  UnexpectedReplyError,
} from '../src/index.ts';
import { aClient, anApi, API_KEY, NOW, REQUEST } from './a-client.ts';

const CREATE = 'POST /v1/jobs';
const GET = `GET /v1/jobs/${JOB_ID}`;
const accepted = { status: 202, headers: { etag: 'W/"1"' }, body: aJob() };
const where = { instance: '/v1/jobs', requestId: 'r-1' };

describe('what may pass', () => {
  test('is tried again after the pause that Retry-After asks for, in seconds or as a date', async () => {
    const api = await anApi();
    const { client, pauses } = aClient(api);
    const date = new Date(NOW.getTime() + 2000 + 7000).toUTCString();
    api.on(
      CREATE,
      { status: 429, headers: { 'retry-after': '2' } },
      { status: 503, headers: { 'retry-after': date } },
      accepted,
    );
    expect((await client.jobs.create(REQUEST)).id).toBe(JOB_ID);
    expect(pauses).toEqual([2000, 7000]);
  });

  test('has pauses with jitter when no Retry-After asks for them', async () => {
    const api = await anApi();
    const { client, pauses } = aClient(api);
    api.on(CREATE, { status: 502 }, 'drop', { status: 504 }, accepted);
    await client.jobs.create(REQUEST);
    expect(pauses).toEqual([250, 500, 1000]);
  });

  test('keeps one idempotency key and one body over every try, and has another for the next job', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(CREATE, { status: 503 }, 'drop', accepted);
    await client.jobs.create(REQUEST);
    await client.jobs.create(REQUEST);
    await client.jobs.create(REQUEST, { idempotencyKey: 'my"key"' });
    const sent = api.requestsTo(CREATE);
    expect(sent.map(({ headers }) => headers['idempotency-key'])).toEqual([
      ...Array(3).fill('"key-1"'),
      '"key-2"',
      String.raw`"my\"key\""`,
    ]);
    expect(new Set(sent.map(({ body }) => body))).toEqual(new Set([JSON.stringify(REQUEST)]));
  });

  test('names the place in the trace of its caller, the same in every try, and nothing that is no place', async () => {
    const api = await anApi();
    const place = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const places = [place, undefined, 'a\nheader', place.toUpperCase()];
    const { client } = aClient(api, { traceparent: () => places.shift() });
    api.on(CREATE, { status: 503 }, accepted);
    for (let call = 1; call <= 4; call++) await client.jobs.create(REQUEST);
    expect(api.requestsTo(CREATE).map(({ headers }) => headers['traceparent'])).toEqual([
      place,
      place,
      ...Array<undefined>(3),
    ]);
  });

  test.each([0, 1, 5])('is given up after %d retries', async (maxRetries) => {
    const api = await anApi();
    const retries: number[] = [];
    const { client } = aClient(api, { maxRetries, onRetry: ({ retry }) => retries.push(retry) });
    api.on(CREATE, { status: 503 });
    await expect(client.jobs.create(REQUEST)).rejects.toMatchObject({
      name: 'ApiError',
      status: 503,
      code: 'http-503',
    });
    expect(api.requests).toHaveLength(maxRetries + 1);
    expect(retries).toHaveLength(maxRetries);
  });

  test('is what a problem document says it is', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    const passing = { status: 500, body: toProblem('internal', { detail: 'bad luck' }, where) };
    const lasting = {
      status: 503,
      body: { ...toProblem('unavailable', { detail: 'closed' }, where), retryable: false },
    };
    api.on(CREATE, passing, accepted, lasting);
    await client.jobs.create(REQUEST);
    await expect(client.jobs.create(REQUEST)).rejects.toThrow('closed');
    expect(api.requests).toHaveLength(3);
  });

  test('is not waited for longer than five minutes', async () => {
    const api = await anApi();
    const { client, pauses } = aClient(api);
    api.on(GET, { status: 429, headers: { 'retry-after': '301' } });
    const error: unknown = await client.jobs.get(JOB_ID).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ status: 429, retryAfterMs: 301_000 });
    expect(pauses).toEqual([]);
  });

  test('six quick requests are not the answer to a 429 with Retry-After: 2', async () => {
    const api = await anApi();
    const { client, pauses } = aClient(api);
    api.on(CREATE, { status: 429, headers: { 'retry-after': '2' } });
    await expect(client.jobs.create(REQUEST)).rejects.toBeInstanceOf(RateLimitError);
    expect(pauses).toHaveLength(api.requests.length - 1);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2000);
  });
});

describe('what lasts', () => {
  test('is an error with the problem document, after one request', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    const errors = [{ pointer: '#/input/width', code: 'multiple_of', detail: 'must be a multiple of 8', limit: 8 }];
    api.on(CREATE, {
      status: 422,
      body: toProblem('validation-failed', { detail: '1 field is invalid', errors }, where),
    });
    const error: unknown = await client.jobs.create(REQUEST).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      message: 'Invalid request (validation-failed, 422): 1 field is invalid',
      code: 'validation-failed',
      problem: { requestId: 'r-1', errors },
    });
    expect(api.requests).toHaveLength(1);
  });

  test('a code that this release does not know is an ApiError as well', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(GET, { status: 418, body: { title: 'Teapot', code: 'is-a-teapot', detail: 'short and stout', extra: 1 } });
    await expect(client.jobs.get(JOB_ID)).rejects.toMatchObject({ name: 'ApiError', code: 'is-a-teapot' });
  });

  test('a redirect is not followed with the key', async () => {
    const [api, elsewhere] = [await anApi(), await anApi()];
    const { client } = aClient(api);
    api.on(CREATE, { status: 308, headers: { location: `${elsewhere.url}/v1/jobs` } });
    const error: unknown = await client.jobs.create(REQUEST).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RedirectError);
    expect(error).toMatchObject({ location: `${elsewhere.url}/v1/jobs` });
    expect(elsewhere.requests).toEqual([]);
  });

  test.each([
    [{ ...aJob(), id: '../../etc/passwd' }, 'id: is not the id of a job'],
    [{ ...aJob(), version: '1' }, 'version: is not a count'],
    [{ ...aJob(), outputs: [{ index: -1 }] }, 'outputs.0.index: is not a count'],
    [[], 'job: is not an object'],
  ])('what is no job is not taken for one: %#', async (body, issue) => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(GET, { status: 200, body });
    const error: unknown = await client.jobs.get(JOB_ID).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnexpectedReplyError);
    expect(error).toMatchObject({ issues: expect.arrayContaining([issue]) });
  });

  test('nor is what is no JSON', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(GET, { status: 200, body: new TextEncoder().encode('<html>') });
    await expect(client.jobs.get(JOB_ID)).rejects.toThrow('something other than JSON');
  });

  test.each(['', '..', 'job/../models', 'a b'])('%j is refused as an id before any request', async (id) => {
    const api = await anApi();
    const { client } = aClient(api);
    await expect(client.jobs.get(id)).rejects.toThrow(TypeError);
    expect(api.requests).toEqual([]);
  });
});

describe('the network', () => {
  test('that is not there is a ConnectionError that names the server and keeps its cause', async () => {
    const api = await anApi();
    const { client } = aClient(api, { baseUrl: 'http://127.0.0.1:1', maxRetries: 1 });
    const error: unknown = await client.models.list().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(String(error)).toContain('cannot reach http://127.0.0.1:1');
    expect(error).toHaveProperty('cause');
  });

  test('a server that does not answer in time is tried again, then a TimeoutError', async () => {
    const api = await anApi();
    api.on('GET /v1/models', 'hold');
    let tries = 0;
    const { client, timeouts } = aClient(api, {
      maxRetries: 1,
      fetch: (...args) => {
        tries++;
        const reply = fetch(...args);
        timeouts.at(-1)?.end();
        return reply;
      },
    });
    await expect(client.models.list()).rejects.toBeInstanceOf(TimeoutError);
    expect(tries).toBe(2);
  });

  test('each try has the time of one request, and a long poll its wait on top', async () => {
    const api = await anApi();
    const { client, timeouts } = aClient(api, { timeoutMs: 1234 });
    api.on(CREATE, { status: 503 }, accepted);
    await client.jobs.create(REQUEST, { waitSeconds: 5 });
    expect(timeouts.map(({ delayMs }) => delayMs)).toEqual([6234, 6234]);
    expect(api.requests[0]?.headers.prefer).toBe('wait=5');
  });

  test('a signal ends a request under way, with its own reason and no retry', async () => {
    const api = await anApi();
    const controller = new AbortController();
    const { client } = aClient(api, {
      fetch: (...args) => {
        queueMicrotask(() => controller.abort(new Error('enough')));
        return fetch(...args);
      },
    });
    api.on(CREATE, 'hold');
    await expect(client.jobs.create(REQUEST, { signal: controller.signal })).rejects.toThrow('enough');
    expect(api.requests.length).toBeLessThanOrEqual(1);
  });

  test('a signal ends a pause', async () => {
    const api = await anApi();
    const controller = new AbortController();
    const { client } = aClient(api, { onRetry: () => controller.abort(new Error('enough')) });
    api.on(GET, { status: 503 });
    await expect(client.jobs.get(JOB_ID, { signal: controller.signal })).rejects.toThrow('enough');
    expect(api.requests).toHaveLength(1);
  });

  test('nothing is sent after a signal', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    await expect(client.run(REQUEST, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(api.requests).toEqual([]);
  });

  test('the key goes into one header of each request', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on('GET /v1/models', { status: 200, body: { data: [], nextCursor: null } });
    await client.models.list();
    expect(api.requests[0]?.headers.authorization).toBe(`Bearer ${API_KEY}`);
    expect(api.requests[0]?.path).not.toContain(API_KEY);
  });
});
