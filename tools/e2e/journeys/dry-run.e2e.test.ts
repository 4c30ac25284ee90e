import { afterAll, beforeAll, expect, it } from 'vitest';
import { jobPreviewSchema } from '@afterimage/job-schemas';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;
let client: Client;

beforeAll(async () => {
  test = await startTestStack();
  ({ client } = test);
});
afterAll(() => test.stop());

const tryOut = (body: object, dryRun = 'true') => client.call(`/v1/jobs?dryRun=${dryRun}`, { method: 'POST', body });

it('a request is tried out: its defaults are shown, its times estimated, and nothing is created', async () => {
  const first = await tryOut({ model: 'sketch-1', task: 'text-to-image', input: { prompt: 'a red boat' } });
  expect(first.status).toBe(200);
  expect(jobPreviewSchema.strict().parse(first.json)).toMatchObject({
    pool: 'local',
    input: { width: 512, height: 512, steps: 20, seed: null },
    output: { format: 'png' },
    queue: { ahead: null, estimatedStartSeconds: null },
    estimatedRunSeconds: null,
  });
  expect((await client.list()).data).toEqual([]);

  await client.terminal((await client.submit()).id);
  const second = jobPreviewSchema.parse((await tryOut(aRequest())).json);

  expect(second.queue.estimatedStartSeconds).toBeGreaterThanOrEqual(0);
  expect(second.estimatedRunSeconds).toBeGreaterThanOrEqual(1);
  expect((await client.list()).data).toHaveLength(1);
});

it('a request that would be refused is refused, and so is a question that is none', async () => {
  expect(await tryOut(aRequest({ model: 'sdxl' }))).toMatchObject({
    status: 422,
    json: { code: 'model-not-available' },
  });
  expect(await tryOut(aRequest({}, { width: 65 }))).toMatchObject({ json: { errors: [{ pointer: '#/input/width' }] } });
  expect(await tryOut(aRequest(), 'yes')).toMatchObject({ status: 422, json: { errors: [{ pointer: 'dryRun' }] } });
});

it('a dry run that is switched off is a job', async () => {
  expect(await tryOut(aRequest(), 'false')).toMatchObject({ status: 202, json: { object: 'job' } });
});
