import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { waitFor } from '@afterimage/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiRoute } from '@afterimage/app-config';
import { type Gateway, openGateway } from '../src/gateway/gateway.ts';
import type { LambdaFunction } from '../src/lambda/lambda-function.ts';
import { aFunction, temporaryFolder } from './bundles.ts';

/** Sends a piece for each file that appears in the folder, or does what the event asks for. */
const STREAM = `
  const { existsSync, writeFileSync } = require('node:fs');
  const { join } = require('node:path');
  const { setTimeout: pause } = require('node:timers/promises');
  const appears = async (file, stream) => {
    while (!existsSync(file) && !stream.destroyed) await pause(10);
  };
  const handle = async ({ folder, act }, stream) => {
    if (act === 'throw') throw new TypeError('no such thing');
    if (act === 'silent') return;
    const head = { statusCode: act === 'gone' ? 204 : 200, headers: { 'content-type': 'text/plain' } };
    if (act === 'wait') { writeFileSync(join(folder, 'waiting'), ''); await new Promise(() => {}); }
    const answer = awslambda.HttpResponseStream.from(stream, act === 'malformed' ? { status: 200 } : head);
    stream.on('close', () => { if (!stream.writableFinished) writeFileSync(join(folder, 'left'), ''); });
    for (const name of act === undefined ? ['one', 'two'] : []) {
      await appears(join(folder, name), stream);
      answer.write(name);
    }
    if (act === 'break') { answer.write('one'); await pause(50); throw new Error('broken'); }
    if (act === 'large') for (let index = 0; index < 100; index++) {
      if (!answer.write(Buffer.alloc(100_000, 97))) await new Promise((drain) => answer.once('drain', drain));
    }
    await new Promise((done) => answer.end(done));
  };
  exports.handler = awslambda.streamifyResponse((event, stream) =>
    handle(event.queryStringParameters ?? event, stream));
`;

const ROUTES = [
  { method: 'GET', path: '/stream', function: 'wait-api', scope: null },
] as const satisfies readonly ApiRoute[];

async function aGateway(lambda: LambdaFunction): Promise<Gateway> {
  const gateway = await openGateway(0, 'PORT');
  onTestFinished(() => gateway.stop(0));
  gateway.serve({
    routes: ROUTES,
    authorize: () => Promise.reject(new Error('a public route needs no authorizer')),
    invoke: () => Promise.reject(new Error('the route is streamed')),
    openStream: (_route, event) => lambda.invokeStreaming(event),
    integrationTimeoutMs: 1000,
  });
  return gateway;
}

const startGateway = async (lambda: LambdaFunction) => (await aGateway(lambda)).url;

function aStream() {
  const folder = temporaryFolder();
  const lambda = aFunction(STREAM, { maxConcurrency: 2 });
  return { folder, lambda, write: (name: string) => writeFileSync(join(folder, name), '') };
}

describe('a function that streams', () => {
  it('sends each piece when it is there', async () => {
    const { folder, lambda, write } = aStream();
    const { prelude, body } = await lambda.invokeStreaming({ folder });
    expect(prelude).toEqual({ statusCode: 200, headers: { 'content-type': 'text/plain' } });

    write('one');
    expect(String((await once(body, 'data'))[0])).toBe('one');
    write('two');

    expect(await text(body)).toBe('two');
  });

  it('waits for its reader, and loses nothing', async () => {
    const { folder, lambda } = aStream();
    const { body } = await lambda.invokeStreaming({ folder, act: 'large' });

    await waitFor(() => body.readableLength > 0);
    expect(body.readableLength).toBeLessThan(1_000_000);
    expect(await text(body)).toHaveLength(10_000_000);
  });

  it('is told when its reader has gone, and is free for the next', async () => {
    const { folder, lambda } = aStream();
    const streams = await Promise.all([1, 2].map(() => lambda.invokeStreaming({ folder })));
    const third = lambda.invokeStreaming({ folder, act: 'large' });

    for (const { body } of streams) body.destroy();

    await waitFor(() => existsSync(join(folder, 'left')));
    expect(await text((await third).body)).toHaveLength(10_000_000);
  });

  it.each([
    ['throw', 'no such thing'],
    ['silent', 'the response has no status'],
  ])('fails without an answer when it does "%s"', async (act, message) => {
    const { folder, lambda } = aStream();

    await expect(lambda.invokeStreaming({ folder, act })).rejects.toMatchObject({ code: 'unhandled', message });
  });

  it('cuts its answer off when it fails later, or takes too long', async () => {
    const { folder, lambda } = aStream();
    const broken = await lambda.invokeStreaming({ folder, act: 'break' });
    await expect(text(broken.body)).rejects.toMatchObject({ code: 'unhandled' });

    const slow = aFunction(STREAM, { timeoutMs: 200 });
    const late = await slow.invokeStreaming({ folder });
    await expect(text(late.body)).rejects.toMatchObject({ code: 'timeout' });
  });
});

describe('the gateway', () => {
  it('passes each piece on as it comes, beyond the time for an integration that does not stream', async () => {
    const { folder, lambda, write } = aStream();
    const url = await startGateway(lambda);
    const response = await fetch(`${url}/stream?folder=${encodeURIComponent(folder)}`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain');
    write('one');
    expect((await reader?.read())?.value).toBe('one');
    write('two');
    expect((await reader?.read())?.value).toBe('two');
    expect((await reader?.read())?.done).toBe(true);
  });

  it('ends the stream of a client that goes away', async () => {
    const { folder, lambda } = aStream();
    const url = await startGateway(lambda);
    const leave = new AbortController();
    const { body } = await fetch(`${url}/stream?folder=${encodeURIComponent(folder)}`, { signal: leave.signal });
    expect(existsSync(join(folder, 'left'))).toBe(false);

    leave.abort();

    await waitFor(() => existsSync(join(folder, 'left')));
    await expect(body?.getReader().read()).rejects.toThrow('abort');
  });

  it.each([
    ['throw', 502],
    ['malformed', 502],
    ['gone', 204],
  ])('answers "%s" with %i', async (act, status) => {
    const { folder, lambda } = aStream();
    const url = await startGateway(lambda);

    expect((await fetch(`${url}/stream?act=${act}&folder=${encodeURIComponent(folder)}`)).status).toBe(status);
  });

  it.each([
    ['the gateway first, as the stack does', true],
    ['the function first', false],
  ])('is stopped with waits and streams open, and nobody is left with an error: %s', async (_what, isGatewayFirst) => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    for (const event of ['unhandledRejection', 'uncaughtException']) process.on(event, note);
    onTestFinished(() => {
      for (const event of ['unhandledRejection', 'uncaughtException']) process.off(event, note);
    });
    const { folder, write } = aStream();
    const lambda = aFunction(STREAM, { maxConcurrency: 3 });
    const gateway = await aGateway(lambda);
    const at = (act: string) => `${gateway.url}/stream?folder=${encodeURIComponent(folder)}${act}`;
    const leaving = new AbortController();
    // Two wait for an answer, one of which goes away; a third reads a stream; a fourth waits in line.
    const waits = [at('&act=wait'), at('&act=wait')].map((url, index) =>
      fetch(url, index === 0 ? {} : { signal: leaving.signal }).then(
        ({ status }) => status,
        () => 'cut',
      ),
    );
    await waitFor(() => existsSync(join(folder, 'waiting')));
    const { body } = await fetch(at(''));
    write('one');
    const read = body === null ? '' : text(body).catch(() => 'cut');
    const inLine = fetch(at('')).then(
      ({ status }) => status,
      () => 'cut',
    );
    leaving.abort();

    if (isGatewayFirst) await gateway.stop(0);
    await lambda.stop();
    await gateway.stop(0);

    expect(await read).toBe('cut');
    for (const end of await Promise.all([...waits, inLine])) expect(['cut', 502]).toContain(end);
    await new Promise(setImmediate);
    expect(unhandled).toEqual([]);
  });
});
