import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS, problemSchema } from '@afterimage/job-schemas';
import { aRequest, type CallOptions, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;
let client: Client;

beforeAll(async () => {
  test = await startTestStack({ workers: 0 });
  ({ client } = test);
});
afterAll(() => test.stop());

interface Expected {
  readonly status: number;
  readonly code: string;
  readonly pointer?: string;
  readonly limit?: unknown;
}

const field = (pointer: string, limit?: unknown): Expected => ({
  status: 422,
  code: 'validation-failed',
  pointer,
  limit,
});
const post = (body: unknown, headers: Record<string, string> = {}): CallOptions => ({ method: 'POST', body, headers });
const manyKeys = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`key${i}`, 'v']));

const CASES: readonly (readonly [string, CallOptions, Expected])[] = [
  ['a body that is not JSON', post('{"model":'), { status: 400, code: 'malformed-request' }],
  [
    'no body',
    { method: 'POST', headers: { 'content-type': 'application/json' } },
    { status: 400, code: 'malformed-request' },
  ],
  ['another media type', post('a', { 'content-type': 'text/plain' }), { status: 415, code: 'unsupported-media-type' }],
  ['a body over 64 KiB', post({ x: 'x'.repeat(LIMITS.bodyBytes) }), { status: 413, code: 'payload-too-large' }],
  ['an array', post([]), field('#', 'object')],
  ['no prompt', post(aRequest({ input: {} })), field('#/input/prompt')],
  ['an empty prompt', post(aRequest({}, { prompt: '' })), field('#/input/prompt', 1)],
  ['a prompt over 8000 characters', post(aRequest({}, { prompt: 'x'.repeat(8001) })), field('#/input/prompt', 8000)],
  ['a width that is too large', post(aRequest({}, { width: 2056 })), field('#/input/width', 2048)],
  ['a width that is negative', post(aRequest({}, { width: -8 })), field('#/input/width', 64)],
  ['a height that is no multiple of 8', post(aRequest({}, { height: 100 })), field('#/input/height', 8)],
  ['a width that is no number', post(aRequest({}, { width: 'wide' })), field('#/input/width', 'number')],
  ['steps that are no whole number', post(aRequest({}, { steps: 1.5 })), field('#/input/steps', 'integer')],
  ['steps over 150', post(aRequest({}, { steps: 151 })), field('#/input/steps', 150)],
  ['9 images', post(aRequest({}, { images: 9 })), field('#/input/images', 8)],
  ['a seed below 0', post(aRequest({}, { seed: -1 })), field('#/input/seed', 0)],
  ['a seed over 32 bits', post(aRequest({}, { seed: 2 ** 32 })), field('#/input/seed', 2 ** 32 - 1)],
  [
    'an unknown sampler',
    post(aRequest({}, { sampler: 'fast' })),
    field('#/input/sampler', expect.arrayContaining(['euler_a'])),
  ],
  ['an unknown field', post(aRequest({}, { promt: 'x' })), field('#/input/promt')],
  [
    'an unknown task',
    post(aRequest({ task: 'text-to-video' })),
    field('#/task', expect.arrayContaining(['text-to-image'])),
  ],
  [
    'an unknown model',
    post(aRequest({ model: 'sdxl' })),
    { status: 422, code: 'model-not-available', pointer: '#/model', limit: ['sketch-1'] },
  ],
  [
    'an unknown format',
    post(aRequest({ output: { format: 'gif' } })),
    field('#/output/format', ['png', 'jpeg', 'webp', 'avif']),
  ],
  ['a quality over 100', post(aRequest({ output: { quality: 101 } })), field('#/output/quality', 100)],
  [
    'too long a retention',
    post(aRequest({ policy: { retainSeconds: 9e9 } })),
    field('#/policy/retainSeconds', 2_592_000),
  ],
  ['17 metadata keys', post(aRequest({ metadata: manyKeys })), field('#/metadata', 16)],
  ['a long metadata value', post(aRequest({ metadata: { a: 'x'.repeat(501) } })), field('#/metadata/a', 500)],
  ['metadata that is no text', post(aRequest({ metadata: { a: 1 } })), field('#/metadata/a', 'string')],
  [
    'a webhook over http',
    post(aRequest({ webhook: { url: 'http://example.com/x' } })),
    field('#/webhook/url', 'https'),
  ],
  [
    'an unknown webhook event',
    post(aRequest({ webhook: { url: 'https://example.com', events: ['job.done'] } })),
    field('#/webhook/events/0', expect.arrayContaining(['job.succeeded'])),
  ],
  ['a long idempotency key', post(aRequest(), { 'idempotency-key': 'k'.repeat(256) }), field('Idempotency-Key', 255)],
];

describe('POST /v1/jobs refuses', () => {
  it.each(CASES)('%s, naming field and limit', async (_name, call, expected) => {
    const { status, headers, json } = await client.call('/v1/jobs', call);

    const problem = problemSchema.parse(json);
    expect({ status, code: problem.code }).toEqual({ status: expected.status, code: expected.code });
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(problem.errors?.[0]?.pointer).toBe(expected.pointer);
    expect(problem.errors?.[0]?.limit).toEqual(expected.limit);
  });

  it('a misspelt field with the name that was meant', async () => {
    const { json } = await client.call('/v1/jobs', post(aRequest({}, { promt: 'x' })));

    expect(problemSchema.parse(json).errors?.[0]?.detail).toContain('did you mean "prompt"?');
  });

  it('all that is wrong at once', async () => {
    const { json } = await client.call('/v1/jobs', post(aRequest({}, { width: 1, height: 1, steps: 0 })));

    expect(problemSchema.parse(json).errors?.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['#/input/width', '#/input/height', '#/input/steps']),
    );
  });

  it('and keeps nothing of it', async () => {
    expect((await client.list()).data).toEqual([]);
  });
});

describe('other requests', () => {
  it.each([
    ['/v1/nothing', 'GET', 404, 'not-found'],
    ['/v1/jobs/job_0', 'GET', 404, 'not-found'],
    ['/v1/jobs?limit=0', 'GET', 422, 'validation-failed'],
    ['/v1/jobs?status=done', 'GET', 422, 'validation-failed'],
    ['/v1/jobs', 'PUT', 405, 'method-not-allowed'],
  ] as const)('%s by %s is %i', async (path, method, status, code) => {
    const answer = await client.call(path, { method });

    expect(answer.status).toBe(status);
    expect(problemSchema.parse(answer.json).code).toBe(code);
  });
});
