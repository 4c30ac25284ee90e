import { once } from 'node:events';
import { DependencyUnavailableError } from '@afterimage/job-core';
import { problemSchema } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import { deferred, fakeAwslambda, invokeStreaming } from '@afterimage/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type StreamRoute, streamingHandler } from '../src/lambda/streaming-handler.ts';
import { anApiEvent, CONTEXT, noTracing } from './api-event.ts';

beforeAll(() => void vi.stubGlobal('awslambda', fakeAwslambda));
afterAll(() => void vi.unstubAllGlobals());

function setUp(handle: StreamRoute['handle']) {
  const lines: string[] = [];
  const counts: string[] = [];
  const write = (message: string) => void lines.push(message);
  const telemetry: Telemetry = {
    log: { debug: write, info: write, warn: write, error: write },
    metrics: {
      count: (name) => void counts.push(name),
      duration: () => undefined,
      gauge: () => undefined,
      flush: () => undefined,
    },
  };
  const routes = { 'POST /v1/things/{id}': { scope: 'things:write', handle } };
  const handler = streamingHandler({ telemetry, tracing: noTracing, routes });
  return { call: (event = {}) => invokeStreaming(handler, anApiEvent(event), CONTEXT), lines, counts };
}

const aStream = (pieces: (gone: AbortSignal) => AsyncIterable<string>) => async () => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  chunks: pieces,
});

describe('streamingHandler', () => {
  it('sends each piece when it is there, after status and headers', async () => {
    const second = deferred<string>();
    async function* pieces() {
      yield 'one ';
      yield await second.promise;
    }
    const { call, counts } = setUp(aStream(pieces));

    const answer = call();

    expect(await answer.prelude).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-request-id': 'request-1' },
    });
    await vi.waitFor(() => expect(String(answer.body.read() ?? '')).toBe('one '));
    second.resolve('two');
    expect(await answer.text()).toBe('two');
    await answer.over;
    expect(counts).toEqual(['RequestServed']);
  });

  it('answers with a whole response too', async () => {
    const { call } = setUp(async () => ({ status: 200, headers: { etag: 'W/"1"' }, body: { a: 1 } }));
    const answer = call();

    expect(await answer.prelude).toMatchObject({
      statusCode: 200,
      headers: { etag: 'W/"1"', 'content-type': 'application/json', 'x-request-id': 'request-1' },
    });
    expect(await answer.text()).toBe('{"a":1}');
  });

  it('answers what goes wrong before the first piece with a problem', async () => {
    const { call, counts } = setUp(() => Promise.reject(new DependencyUnavailableError('throttled')));
    const answer = call();

    expect(await answer.prelude).toMatchObject({
      statusCode: 503,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '2' },
    });
    expect(problemSchema.parse(JSON.parse(await answer.text()))).toMatchObject({ code: 'unavailable' });
    expect(counts).toEqual(['RequestFailed']);
  });

  it('refuses a key without the scope', async () => {
    const { call } = setUp(aStream(async function* () {}));
    const requestContext = { requestId: 'r', authorizer: { tenantId: 't', keyId: 'k', scopes: 'things:read' } };

    expect(await call({ requestContext }).prelude).toMatchObject({ statusCode: 403 });
  });

  it('cuts off what goes wrong later, and tells of it', async () => {
    async function* pieces() {
      yield 'one';
      throw new TypeError('broken');
    }
    const { call, lines, counts } = setUp(aStream(pieces));
    const answer = call();

    await expect(answer.text()).rejects.toThrow();
    await expect(answer.over).rejects.toThrow('broken');
    expect(lines).toContain('stream failed');
    expect(counts).toContain('StreamFailed');
  });

  it('ends the pieces when the client has gone, also while they wait', async () => {
    const ended = deferred<string>();
    async function* pieces(gone: AbortSignal) {
      try {
        yield 'tick';
        await once(gone, 'abort');
      } finally {
        ended.resolve('cleaned up');
      }
    }
    const { call, lines } = setUp(aStream(pieces));
    const answer = call();
    await answer.prelude;
    await vi.waitFor(() => expect(answer.body.readableLength).toBe(4));

    answer.cut();

    expect(await ended.promise).toBe('cleaned up');
    await expect(answer.over).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    expect(lines).not.toContain('stream failed');
  });
});
