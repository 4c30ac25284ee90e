import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { modelDetailSchema, tenantLimitsSchema } from '@afterimage/job-schemas';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;
let client: Client;

beforeAll(async () => {
  test = await startTestStack();
  ({ client } = test);
});
afterAll(() => test.stop());

const submit = (body: unknown) => client.call('/v1/jobs?dryRun=true', { method: 'POST', body });

it('a model’s own schema of its input says what the API takes of it', async () => {
  const { json } = await client.call('/v1/models/sketch-1');
  const { inputSchemas, limits, tasks } = modelDetailSchema.parse(json);
  expect(Object.keys(inputSchemas)).toEqual(tasks);
  const fits = new Ajv2020().compile(inputSchemas['text-to-image'] ?? {});

  const inputs = [
    {},
    { width: limits.maxWidth },
    { width: limits.maxWidth + 8 },
    { steps: 0 },
    { images: limits.maxImages + 1 },
    { seed: -1 },
    { prompt: '' },
    { promt: 'x' },
  ].map((overrides) => aRequest({}, overrides));
  const answers = await Promise.all(inputs.map(submit));

  const isTaken = answers.map(({ status }) => status === 200);
  expect(isTaken).toEqual(inputs.map(({ input }) => fits(input)));
  expect(isTaken).toEqual([true, true, false, false, false, false, false, false]);
});

it('the limits are those that requests are held to', async () => {
  const { status, json } = await client.call('/v1/limits');
  expect(status).toBe(200);
  const { input, metadata } = tenantLimitsSchema.strict().parse(json);

  const prompt = 'x'.repeat(input.promptCharacters);
  expect((await submit(aRequest({}, { prompt }))).status).toBe(200);
  expect((await submit(aRequest({}, { prompt: `${prompt}x` }))).status).toBe(422);
  const pairs = Array.from({ length: metadata.keys + 1 }, (_, index) => [`key${index}`, 'value'] as const);
  expect((await submit(aRequest({ metadata: Object.fromEntries(pairs.slice(1)) }))).status).toBe(200);
  expect((await submit(aRequest({ metadata: Object.fromEntries(pairs) }))).status).toBe(422);
});
