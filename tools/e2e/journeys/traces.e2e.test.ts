import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Job } from '@afterimage/job-schemas';
import { readTraceparent, xrayTraceId } from '@afterimage/telemetry';
import { orphansOf, type TraceSpan, type TraceTree } from '@afterimage/telemetry/trace-tree';
import { waitFor } from '@afterimage/testing';
import { aRequest, type Client, PROMPT } from '../src/client.ts';
import { faultsOf, spanNames } from '../src/span-names.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { startReceiver } from '../src/webhook-receiver.ts';

const WORKER = {
  DRAIN_SECONDS: '0',
  LEASE_SECONDS: '2',
  HEARTBEAT_INTERVAL_MS: '200',
  VISIBILITY_SECONDS: '2',
  VISIBILITY_INTERVAL_MS: '500',
};

let test: TestStack;
let client: Client;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  test = await startTestStack({
    traces: true,
    authorizerCacheMs: 600_000,
    sketchMsPerStep: 50,
    env: { 'gpu-worker': WORKER },
  });
  ({ client } = test);
  receiver = await startReceiver();
  // The first request alone asks the authorizer, whose answer is kept.
  await client.list();
});
afterAll(async () => {
  await receiver.stop();
  await test.stop();
});

const ENDS = ['job.succeeded', 'job.failed', 'job.canceled'];

function submit(input: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}) {
  return client.submit(aRequest({ webhook: { url: receiver.url, events: ENDS } }, input), headers);
}

/** The trace of a job that has ended, once every part of it has come in. */
async function traceOf({ traceId }: Job): Promise<TraceTree> {
  const whole = () => {
    const tree = test.stack.traces?.trace(traceId ?? '');
    if (tree === undefined || orphansOf(tree).length > 0) return undefined;
    const names = new Set(tree.spans.map(({ name }) => name));
    const isComplete = names.has('gpu-worker') && names.has('result-notifier');
    return isComplete && tree.spans.every(({ endedAtMs }) => endedAtMs !== null) ? tree : undefined;
  };
  return waitFor(whole, { timeoutMs: 60_000, intervalMs: 100, what: `the whole trace ${traceId}` });
}

function one(tree: TraceTree, name: string): TraceSpan {
  const [span, ...others] = tree.spans.filter((each) => each.name === name);
  if (span === undefined || others.length > 0) throw new Error(`there are ${others.length} more or no ${name}`);
  return span;
}

const inMidJob = (id: string) => client.jobWhere(id, 'in mid-job', ({ progress }) => (progress?.step ?? 0) >= 3);

const DELIVERY = ['announce', '  result-notifier', '    webhook'];
const under = (depth: number, names: readonly string[]) => names.map((name) => `${'  '.repeat(depth)}${name}`);
const REQUEST = ['afterimage/local', '  submit-api', '    ## handler.handler'];
const ATTEMPT = ['gpu-worker', '  claim', '  inputs', '  wait for the engine', '  engine'];
/** Everything of an attempt that ends with an event. */
const LAST_ATTEMPT = [...under(3, [...ATTEMPT, '  upload', '  commit']), ...under(5, DELIVERY)];

it('a job that succeeds is one trace, from the request to the webhook', async () => {
  const { id } = await submit();
  const job = await client.terminal(id);
  const tree = await traceOf(job);

  expect(spanNames(tree)).toEqual([...REQUEST, ...LAST_ATTEMPT]);
  expect(faultsOf(tree)).toEqual([]);
  expect(one(tree, '## handler.handler').attributes).toMatchObject({ jobId: id, tenantId: 'local' });
  expect(one(tree, 'gpu-worker').attributes).toMatchObject({ job_id: id, job_attempt: 1, job_outcome: 'done' });

  const sent = receiver.received.find(({ body }) => body.includes(id))?.headers['traceparent'];
  const place = readTraceparent(String(sent));
  expect(place && xrayTraceId(place.traceId)).toBe(job.traceId);
  expect(place?.spanId).toBe(one(tree, 'webhook').id);
});

it('an attempt that is made again stands beside the one before, and links to it', async () => {
  const { id } = await submit({ steps: 40 });
  await inMidJob(id);
  test.stack.workers[0]?.kill('SIGTERM');
  const job = await client.terminal(id);
  expect(job).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'lost' }, { outcome: 'succeeded' }] });
  const tree = await traceOf(job);

  expect(spanNames(tree)).toEqual([...REQUEST, ...under(3, [...ATTEMPT, '  commit']), ...LAST_ATTEMPT]);
  const [first, second] = tree.spans.filter(({ name }) => name === 'gpu-worker');
  expect(first?.links).toEqual([]);
  expect(second?.links).toEqual([{ traceId: job.traceId, spanId: first?.id }]);
  expect(second?.parentId).toBe(first?.parentId);
  expect([first, second].map((span) => span?.attributes['job_outcome'])).toEqual(['release', 'done']);
  expect(tree.spans.find(({ name }) => name === 'engine')?.attributes['interrupted_by']).toBe('DrainError');
  expect(faultsOf(tree)).toEqual([]);
});

it('of a worker that is killed nothing stands alone, and the next attempt names what is missing', async () => {
  const { id } = await submit({ steps: 40 });
  await inMidJob(id);
  test.stack.workers[0]?.kill('SIGKILL');
  const job = await client.terminal(id);
  const tree = await traceOf(job);

  const attempts = tree.spans.filter(({ name }) => name === 'gpu-worker');
  expect(attempts).toMatchObject([{ attributes: { job_attempt: 2 }, links: [{ traceId: job.traceId }] }]);
  expect(one(tree, 'job-reconciler').attributes).toMatchObject({ jobId: id });
});

it('a job that is canceled ends its trace with that', async () => {
  const { id } = await submit({ steps: 150 });
  await inMidJob(id);
  await client.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
  const tree = await traceOf(await client.terminal(id));

  const canceled = LAST_ATTEMPT.filter((name) => !name.endsWith(' upload'));
  expect(spanNames(tree)).toEqual([...REQUEST, ...canceled]);
  expect(one(tree, 'gpu-worker').attributes).toMatchObject({ job_outcome: 'canceled' });
  expect(one(tree, 'engine').attributes).toMatchObject({ interrupted_by: 'CancelRequestedError' });
  expect(faultsOf(tree)).toEqual([]);
});

it('a client that traces gets its own trace back', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const job = await client.terminal((await submit({}, { traceparent })).id);
  expect(job.traceId).toBe('1-4bf92f35-77b34da6a3ce929d0e0e4736');
  const tree = await traceOf(job);

  expect(tree.spans[0]).toMatchObject({ name: 'gpu-worker', parentId: '00f067aa0ba902b7' });
  expect(receiver.received.at(-1)?.headers['traceparent']).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-/);
});

it('a client that names the trace to the gateway too has the request in it as well', async () => {
  const traceparent = '00-6b0000003577b34da6a3ce929d0e0e47-00f067aa0ba902b7-01';
  const header = 'Root=1-6b000000-3577b34da6a3ce929d0e0e47;Parent=00f067aa0ba902b7;Sampled=1';
  const job = await client.terminal((await submit({}, { traceparent, 'x-amzn-trace-id': header })).id);

  expect(spanNames(await traceOf(job))).toEqual([...REQUEST, ...LAST_ATTEMPT]);
});

it('a request that is refused is no fault of the service, and nothing that it holds is in the trace', async () => {
  const traceId = '1-6b000000-5577b34da6a3ce929d0e0e47';
  const headers = { 'x-amzn-trace-id': `Root=${traceId};Parent=00f067aa0ba902b7;Sampled=1` };
  const body = aRequest({}, { width: PROMPT });
  expect(await client.call('/v1/jobs', { method: 'POST', headers, body })).toMatchObject({ status: 422 });
  const refused = () => {
    const tree = test.stack.traces?.trace(traceId);
    return tree !== undefined && spanNames(tree).length === REQUEST.length ? tree : undefined;
  };
  const tree = await waitFor(refused, { timeoutMs: 60_000, intervalMs: 100, what: 'the trace of the refused request' });

  expect(spanNames(tree)).toEqual(REQUEST);
  expect(one(tree, '## handler.handler').attributes).toMatchObject({ errorType: 'ProblemError' });
  expect(faultsOf(tree)).toEqual([]);
  expect(JSON.stringify(tree)).not.toContain(PROMPT);
});

it('what its client does not want traced is not', async () => {
  const header = 'Root=1-6b000000-4577b34da6a3ce929d0e0e47;Parent=00f067aa0ba902b7;Sampled=0';
  const job = await client.terminal((await submit({}, { 'x-amzn-trace-id': header })).id);
  const next = await client.terminal((await submit()).id);
  await traceOf(next);

  expect(job.traceId).toBe('1-6b000000-4577b34da6a3ce929d0e0e47');
  expect(test.stack.traces?.trace(job.traceId ?? '')).toBeUndefined();
});
