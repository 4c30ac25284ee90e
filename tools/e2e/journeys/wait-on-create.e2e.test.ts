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

const post = (path: string, prefer: string, body?: unknown) =>
  client.call(path, { method: 'POST', headers: { prefer }, ...(body === undefined ? {} : { body }) });

it('a request that waits is answered with the picture, and so is its retry', async () => {
  const created = await post('/v1/jobs', 'wait=20', aRequest());
  const job = jobSchema.parse(created.json);
  expect(created.status).toBe(200);
  expect(created.headers.get('preference-applied')).toBe('wait=20');
  expect(job).toMatchObject({ status: 'succeeded', progress: { fraction: 1 } });
  expect((await fetch(job.outputs[0]?.url ?? '')).status).toBe(200);

  const retried = await post(`/v1/jobs/${job.id}/retry`, 'wait=20');
  expect(retried).toMatchObject({ status: 200, json: { status: 'succeeded', retryOf: job.id } });

  const { outputs: _outputs, ...answered } = job;
  expect(await client.get(job.id)).toMatchObject(answered);
});

it('a request whose job takes longer is answered when its time is over', async () => {
  const slow = aRequest({}, { width: 2048, height: 2048, steps: 150, images: 8 });
  const startedAt = performance.now();

  const answer = await post('/v1/jobs', 'wait=1', slow);

  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1000);
  expect(answer.status).toBe(202);
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  await client.call(`/v1/jobs/${String(answer.json['id'])}/cancel`, { method: 'POST' });
});

it.each(['wait=0', 'wait=26'])('%s is refused, and makes no job', async (prefer) => {
  const before = (await client.list()).data.length;

  expect(await post('/v1/jobs', prefer, aRequest())).toMatchObject({
    status: 422,
    json: { errors: [{ pointer: 'Prefer' }] },
  });
  expect((await client.list()).data).toHaveLength(before);
});
