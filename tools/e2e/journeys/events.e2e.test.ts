import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type JobEvent } from '@afterimage/client';
import {
  isTerminal,
  jobSchema,
  jobTimelineSchema,
  LIMITS,
  type TimelineEvent,
  timelineEventSchema,
  webhookBodySchema,
} from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { startReceiver } from '../src/webhook-receiver.ts';

let test: TestStack;
let client: Client;

beforeAll(async () => {
  test = await startTestStack({ sketchMsPerStep: 50, env: { 'gpu-worker': { HEARTBEAT_INTERVAL_MS: '200' } } });
  ({ client } = test);
});
afterAll(() => test.stop());

/** A fetch whose event streams break after so many bytes, one after the other; those that follow last. */
function cuttingFetch(cuts: number[]) {
  let made = 0;
  const cutting: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (response.headers.get('content-type') !== 'text/event-stream') return response;
    let left = cuts.shift() ?? Number.POSITIVE_INFINITY;
    const cut = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(chunk.subarray(0, Math.min(chunk.length, left)));
        left -= chunk.length;
        if (left > 0) return;
        made += 1;
        controller.error(new TypeError('the line is cut'));
      },
    });
    return new Response(response.body?.pipeThrough(cut), { headers: response.headers });
  };
  return { fetch: cutting, made: () => made };
}

async function timelineOf(id: string): Promise<TimelineEvent[]> {
  return jobTimelineSchema.strict().parse((await client.call(`/v1/jobs/${id}/events`)).json).data;
}

const kept = (events: readonly (JobEvent | TimelineEvent)[]) =>
  events
    .filter(({ type }) => type !== 'progress' && type !== 'snapshot')
    .map(({ id, type }) => `${id.split('.')[0]} ${type}`);

/** The events of a job as an SDK reads them over one stream. */
async function follow(id: string): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  const sdk = createClient({ apiKey: test.stack.apiKey, baseUrl: test.stack.apiUrl });
  for await (const event of sdk.jobs.events(id)) events.push(event);
  return events;
}

describe('a stream of events', () => {
  it('that is cut five times loses none and repeats none', async () => {
    const { fetch: cutting, made } = cuttingFetch([1500, 2000, 40, 300, 700]);
    const sdk = createClient({ apiKey: test.stack.apiKey, baseUrl: test.stack.apiUrl, fetch: cutting });
    const { id } = await client.submit(aRequest({}, { steps: 120, images: 2 }));

    const events: JobEvent[] = [];
    for await (const event of sdk.jobs.events(id)) events.push(event);

    expect(made()).toBe(5);
    expect(events[0]).toMatchObject({ type: 'snapshot', job: { id } });
    const known = Number(events[0]?.id.split('.')[0]);
    expect(kept(events)).toEqual(kept(await timelineOf(id)).slice(known));
    const progress = events.flatMap((event) => (event.type === 'progress' ? [event.progress.fraction] : []));
    expect(progress.length).toBeGreaterThan(1);
    expect(progress).toEqual([...new Set(progress)].toSorted((a, b) => a - b));
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    for (const event of events) timelineEventSchema.parse(event);
    expect(events.at(-1)).toMatchObject({ type: 'end', job: { status: 'succeeded' } });
  });

  it('is 204 for whoever has its end', async () => {
    const job = await client.terminal((await client.submit()).id);
    const last = (await timelineOf(job.id)).at(-1);
    const headers = { accept: 'text/event-stream', 'last-event-id': last?.id ?? '' };

    expect((await client.call(`/v1/jobs/${job.id}/events`, { headers })).status).toBe(204);
  });

  it('leaves its place when its reader goes away', async () => {
    const { id } = await client.submit(aRequest({}, { steps: 150, images: 8 }));
    const url = `${test.stack.apiUrl}/v1/jobs/${id}/events`;
    const headers = { authorization: `Bearer ${test.stack.apiKey}`, accept: 'text/event-stream' };
    const leave = new AbortController();
    const streams = await Promise.all(
      Array.from({ length: LIMITS.waiters + 3 }, () => fetch(url, { headers, signal: leave.signal })),
    );
    expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
    let sentAway = 0;
    const read = Promise.allSettled(
      streams.map(async (stream) => {
        await stream.text();
        sentAway += 1;
      }),
    );
    // Before a wait looks for a place, which it would take from a stream.
    await waitFor(() => sentAway >= 3, { timeoutMs: 60_000, what: 'the end of the streams that have no place' });
    const isApplied = async () =>
      (await client.call(`/v1/jobs/${id}`, { headers: { prefer: 'wait=1' } })).headers.has('preference-applied');
    expect(await isApplied()).toBe(false);

    leave.abort();
    expect((await read).filter(({ status }) => status === 'rejected')).toHaveLength(LIMITS.waiters);

    await waitFor(isApplied, { timeoutMs: 30_000, what: 'a wait that has a place' });
    await client.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
    await client.terminal(id);
  });
});

describe('a wait', () => {
  it('is over within a second of a change, and 304 without one', async () => {
    const { id } = await client.submit(aRequest({}, { steps: 150, images: 8 }));
    const { version } = await client.jobWhere(id, 'inferring', ({ phase }) => phase === 'inferring');
    const wait = (seconds: number) =>
      client.call(`/v1/jobs/${id}`, { headers: { prefer: `wait=${seconds}`, 'if-none-match': `W/"${version}"` } });
    const unchanged = await wait(1);
    expect(unchanged).toMatchObject({ status: 304 });
    expect(unchanged.headers.get('preference-applied')).toBe('wait=1');

    const waiting = wait(20).then((answer) => ({ answer, at: performance.now() }));
    await client.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
    const changedAt = performance.now();
    const { answer, at } = await waiting;

    expect(at - changedAt).toBeLessThan(1000);
    expect(jobSchema.parse(answer.json).version).toBeGreaterThan(version);
    await client.terminal(id);
  });
});

describe('poll, wait, stream and webhook tell the same of a job', () => {
  const cancel = (id: string) => client.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });

  it.each<[string, Record<string, number>, (id: string) => Promise<unknown>]>([
    ['that succeeds', { steps: 4 }, async () => undefined],
    ['that is canceled while it is queued', { steps: 150, images: 8 }, cancel],
    [
      'that is canceled while it runs',
      { steps: 150, images: 8 },
      async (id) => {
        await client.jobWhere(id, 'inferring', ({ phase }) => phase === 'inferring');
        await cancel(id);
      },
    ],
    [
      'that is canceled when it is as good as done',
      { steps: 8, width: 1024, height: 1024 },
      async (id) => {
        await client.jobWhere(id, 'nearly done', (job) => job.phase === 'uploading' || isTerminal(job.status));
        await cancel(id);
      },
    ],
  ])('%s', async (_name, input, meanwhile) => {
    const receiver = await startReceiver();
    const { id } = await client.submit(aRequest({ webhook: { url: receiver.url } }, input));
    const streamed = follow(id);
    const waited = client.call(`/v1/jobs/${id}`, { headers: { prefer: 'wait=25' } });
    await meanwhile(id);

    const polled = await client.terminal(id);
    const end = (await streamed).at(-1);
    await waitFor(() => receiver.received.length > 0, { timeoutMs: 30_000, what: 'the webhook' });
    const { data } = webhookBodySchema.parse(JSON.parse(receiver.received[0]?.body ?? ''));

    if (end?.type !== 'end') throw new Error(`the stream ended with ${end?.type}`);
    const facts = ({
      status,
      version,
      finishedAt,
      error,
      outputs,
      attempts,
      timings,
    }: Omit<typeof polled, 'input'>) => ({
      status,
      version,
      finishedAt,
      error,
      attempts,
      timings,
      outputs: outputs.map(({ index, sha256, seed, bytes }) => ({ index, sha256, seed, bytes })),
    });
    const known = facts(polled);
    expect(facts(jobSchema.parse((await waited).json))).toEqual(known);
    expect(facts(jobSchema.parse(end.job))).toEqual(known);
    expect(facts(data.job)).toEqual(known);
    expect(receiver.received).toHaveLength(1);
    expect((await timelineOf(id)).at(-1)).toMatchObject({ type: 'end', job: { status: polled.status } });
    await receiver.stop();
  });
});
