import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logLineSchema } from '@afterimage/telemetry/log';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { startReceiver } from '../src/webhook-receiver.ts';

const PROMPT = 'a heron that nobody but its client has ever asked for';
const WORKER = { DRAIN_SECONDS: '0', HEARTBEAT_INTERVAL_MS: '200', LOG_LEVEL: 'DEBUG' };
const LOUD = { LOG_LEVEL: 'DEBUG' };

let test: TestStack;
let client: Client;

beforeAll(async () => {
  test = await startTestStack({
    traces: true,
    sketchMsPerStep: 50,
    env: {
      'api-authorizer': LOUD,
      'submit-api': LOUD,
      'status-api': LOUD,
      'result-notifier': LOUD,
      'job-reconciler': LOUD,
      'gpu-worker': WORKER,
    },
  });
  ({ client } = test);
});
afterAll(() => test.stop());

/** The lines of all processes, but for metrics and what the emulated platform says. */
function lines(): { readonly file: string; readonly line: Record<string, unknown> }[] {
  return readdirSync(test.stack.logs).flatMap((file) =>
    readFileSync(join(test.stack.logs, file), 'utf8')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => ({ file, line: JSON.parse(text) as Record<string, unknown> }))
      .filter(({ line }) => line['_aws'] === undefined && line['level'] !== 'PLATFORM'),
  );
}

it('every line of a run is of one schema, names its job whole, and holds no secret', async () => {
  const receiver = await startReceiver([500]);
  const webhook = { url: receiver.url, events: ['job.started', 'job.succeeded', 'job.canceled'] };
  const request = (steps: number) => aRequest({ webhook }, { prompt: PROMPT, steps });
  const inMidJob = (id: string) => client.jobWhere(id, 'in mid-job', ({ progress }) => (progress?.step ?? 0) >= 2);

  const done = await client.terminal((await client.submit(request(4))).id);
  await client.content(done.id);
  const requeued = await client.submit(request(40));
  await inMidJob(requeued.id);
  test.stack.workers[0]?.kill('SIGTERM');
  await client.terminal(requeued.id);
  const canceled = await client.submit(request(150));
  await inMidJob(canceled.id);
  await client.call(`/v1/jobs/${canceled.id}/cancel`, { method: 'POST' });
  await client.terminal(canceled.id);
  await client.call('/v1/jobs', { method: 'POST', body: request(100_000) });
  await client.call('/v1/jobs', { apiKey: 'ai_unknown00001_0123456789abcdefghijklmnopqrstuvwxyz' });
  await client.call(`/v1/jobs/${done.id}`, { method: 'DELETE' });
  await test.stack.invokeReconciler();
  await receiver.stop();

  const all = lines();
  const wrong = all.flatMap(({ file, line }) => {
    const issues = logLineSchema.safeParse(line).error?.issues ?? [];
    return issues.map(({ message, path }) => `${file}: ${String(line['message'])}: ${path.join('.')} ${message}`);
  });
  expect([...new Set(wrong)]).toEqual([]);

  const text = JSON.stringify(all);
  for (const secret of [PROMPT, test.stack.apiKey, 'X-Amz-Signature']) expect(text).not.toContain(secret);
  const ofJob = all.filter(({ line }) => line['jobId'] === done.id);
  const services = new Set(ofJob.map(({ line }) => line['service']));
  expect([...services].toSorted()).toEqual(expect.arrayContaining(['gpu-worker', 'result-notifier', 'submit-api']));
  expect(new Set(ofJob.map(({ line }) => line['traceId']))).toEqual(new Set([done.traceId]));
  expect(new Set(ofJob.map(({ line }) => line['attempt']))).toEqual(new Set([1]));
});
