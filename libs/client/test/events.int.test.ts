import { aJob, aProgress, type FakeReply, JOB_ID } from '@afterimage/testing/fake-api';
import { toProblem } from '@afterimage/job-schemas';
import { describe, expect, test } from 'vitest';
import { ApiError, ConnectionError, type JobEvent, UnexpectedReplyError } from '../src/index.ts';
import { aClient, anApi } from './a-client.ts';

const EVENTS = `GET /v1/jobs/${JOB_ID}/events`;
const AT = '2026-01-02T03:04:06.000Z';

const snapshot = { id: '1', type: 'snapshot', at: AT, job: aJob() } as const;
const running = {
  id: '2',
  type: 'status',
  at: AT,
  status: 'running',
  phase: 'inferring',
  attempt: 1,
  reason: null,
} as const;
const progress = { id: '2.0a1b2c3d', type: 'progress', at: AT, progress: aProgress() } as const;
const end = { id: '4', type: 'end', at: AT, job: aJob({ status: 'failed', version: 3 }) } as const;
const reconnect = 'event: reconnect\nretry: 7000\ndata: {}\n\n';

const frame = (event: JobEvent) => `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

function stream(parts: readonly (JobEvent | string)[], afterwards?: FakeReply['afterwards']): FakeReply {
  const text = parts.map((part) => (typeof part === 'string' ? part : frame(part))).join('');
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: Buffer.from(`retry: 2000\n\n${text}`),
    ...(afterwards === undefined ? {} : { afterwards }),
  };
}

async function read(events: AsyncIterable<JobEvent>): Promise<JobEvent[]> {
  const all: JobEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('jobs.events', () => {
  test('yields each event up to the end', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(EVENTS, stream([snapshot, ': heartbeat\n\n', running, progress, end]));

    expect(await read(client.jobs.events(JOB_ID))).toEqual([snapshot, running, progress, end]);

    expect(api.requests).toHaveLength(1);
    expect(api.requests[0]?.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer ai_key_secret',
    });
    expect(api.requests[0]?.headers).not.toHaveProperty('last-event-id');
  });

  test('goes on after the last event when the stream is cut, ends early, or cannot be opened for a while', async () => {
    const api = await anApi();
    const { client, pauses } = aClient(api);
    api.on(
      EVENTS,
      stream([snapshot], 'cut'),
      'drop',
      { status: 503, headers: { 'retry-after': '3' } },
      stream([running, 'id: 3\nevent: status\ndata: {"id"'], 'cut'),
      stream([progress]),
      stream([reconnect]),
      stream([end]),
    );

    expect(await read(client.jobs.events(JOB_ID))).toEqual([snapshot, running, progress, end]);

    const ids = api.requests.map(({ headers }) => headers['last-event-id']);
    expect(ids).toEqual([undefined, '1', '1', '1', '2', '2.0a1b2c3d', '2.0a1b2c3d']);
    expect(pauses).toEqual([2000, 250, 3000, 2000, 2000, 7000]);
  });

  test('begins after an event that is known, and is over when nothing will follow', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(EVENTS, { status: 204 });

    expect(await read(client.jobs.events(JOB_ID, { after: '4' }))).toEqual([]);
    expect(api.requests[0]?.headers).toMatchObject({ 'last-event-id': '4' });
  });

  test('leaves out events that this release does not know, and remembers their ids', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(EVENTS, stream([snapshot, 'id: 2\nevent: preview\ndata: {}\n\n']), stream([end]));

    expect(await read(client.jobs.events(JOB_ID))).toEqual([snapshot, end]);
    expect(api.requests[1]?.headers['last-event-id']).toBe('2');
  });

  test('gives up on a stream that breaks every time without an event', async () => {
    const api = await anApi();
    const { client } = aClient(api, { maxRetries: 2 });
    api.on(EVENTS, stream([], 'cut'));

    await expect(read(client.jobs.events(JOB_ID))).rejects.toBeInstanceOf(ConnectionError);
    expect(api.requests).toHaveLength(3);
  });

  test('takes a silent connection for dead', async () => {
    const api = await anApi();
    const { client, timeouts } = aClient(api);
    api.on(EVENTS, stream([snapshot], 'hold'), stream([end]));
    const events = client.jobs.events(JOB_ID);
    expect((await events.next()).value).toEqual(snapshot);

    const next = events.next();
    await expect.poll(() => timeouts.filter(({ delayMs }) => delayMs === 40_000).length).toBeGreaterThan(1);
    timeouts.at(-1)?.end();

    expect((await next).value).toEqual(end);
  });

  test('ends with the reason of its signal, and leaves the connection when it is not read on', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(EVENTS, stream([snapshot], 'hold'));
    const stop = new AbortController();
    const events = client.jobs.events(JOB_ID, { signal: stop.signal });
    await events.next();
    const next = events.next();
    stop.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');

    const others = client.jobs.events(JOB_ID);
    await others.next();
    expect(await others.return()).toEqual({ done: true, value: undefined });
  });

  test.each([
    [
      'a problem',
      { status: 404, body: toProblem('not-found', { detail: 'no job' }, { instance: '/', requestId: 'r' }) },
    ],
    ['no stream', { status: 200, body: {} }],
    ['an event without its fields', stream(['event: end\ndata: {}\n\n'])],
    ['data that is no JSON', stream(['event: end\ndata: {\n\n'])],
  ] as const)('does not try again after %s', async (name, answer) => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(EVENTS, answer);

    const error = name === 'a problem' ? ApiError : UnexpectedReplyError;
    await expect(read(client.jobs.events(JOB_ID))).rejects.toBeInstanceOf(error);
    expect(api.requests).toHaveLength(1);
  });

  test('refuses an id that is none', async () => {
    const { client } = aClient(await anApi());

    expect(() => client.jobs.events('../admin')).toThrow(TypeError);
  });
});
