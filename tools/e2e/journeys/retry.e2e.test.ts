import { afterAll, beforeAll, expect, it } from 'vitest';
import { jobSchema } from '@afterimage/job-schemas';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;
let client: Client;

beforeAll(async () => {
  test = await startTestStack();
  ({ client } = test);
});
afterAll(() => test.stop());

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  client.call(path, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });

it('a job that has ended is made again, with the same picture unless the seed is another', async () => {
  const source = await client.terminal((await client.submit(aRequest({ metadata: { orderId: 'A-17' } }))).id);
  const path = new URL(source.links.retry ?? '').pathname;

  const answer = await post(path);
  expect(answer.status).toBe(202);
  const accepted = jobSchema.parse(answer.json);
  expect(accepted).toMatchObject({ status: 'queued', retryOf: source.id, metadata: { orderId: 'A-17' } });
  expect(answer.headers.get('location')).toBe(accepted.links.self);
  const again = await client.terminal(accepted.id);
  const { id } = jobSchema.parse((await post(path, { input: { seed: 123 }, policy: { priority: 'batch' } })).json);
  const other = await client.terminal(id);

  expect(again.outputs[0]?.sha256).toBe(source.outputs[0]?.sha256);
  expect(other).toMatchObject({ status: 'succeeded', input: { seed: 123 }, policy: { priority: 'batch' } });
  expect(other.outputs[0]?.sha256).not.toBe(source.outputs[0]?.sha256);
});

it('a retry under one key is one job', async () => {
  const source = await client.terminal((await client.submit()).id);
  const headers = { 'idempotency-key': 'again-1' };

  const answers = await Promise.all(
    Array.from({ length: 20 }, () => post(`/v1/jobs/${source.id}/retry`, undefined, headers)),
  );

  expect(new Set(answers.map(({ json }) => json['id'])).size).toBe(1);
  expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') !== 'true')).toHaveLength(1);
  const other = await post(`/v1/jobs/${source.id}/retry`, { input: { seed: 1 } }, headers);
  expect(other).toMatchObject({ status: 422, json: { code: 'idempotency-key-reused' } });
});

it('a retry is refused with what is wrong', async () => {
  const source = await client.terminal((await client.submit()).id);
  const path = `/v1/jobs/${source.id}/retry`;

  expect(await post(path, { input: { prompt: 'a cat' } })).toMatchObject({
    status: 422,
    json: { errors: [{ pointer: '#/input/prompt' }] },
  });
  expect(await post(path, { policy: { maxAttempt: 2 } })).toMatchObject({
    status: 422,
    json: { errors: [{ pointer: '#/policy/maxAttempt', detail: expect.stringContaining('maxAttempts') }] },
  });
  expect(await post('/v1/jobs/job_00000000000000000000000000/retry')).toMatchObject({ status: 404 });
  const running = await client.submit(aRequest({}, { width: 2048, height: 2048, steps: 150, images: 8 }));
  expect(await post(`/v1/jobs/${running.id}/retry`)).toMatchObject({
    status: 409,
    json: { code: 'job-not-terminal', jobId: running.id },
  });
  await post(`/v1/jobs/${running.id}/cancel`);
});
