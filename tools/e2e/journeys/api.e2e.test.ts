import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobSchema, type Job } from '@afterimage/job-schemas';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;
let client: Client;

beforeAll(async () => {
  test = await startTestStack();
  ({ client } = test);
});
afterAll(() => test.stop());

describe('a job', () => {
  it('goes through the API, the queues and the worker to a picture', async () => {
    const created = await client.call('/v1/jobs', {
      method: 'POST',
      body: aRequest({ output: { format: 'webp' }, metadata: { orderId: 'A-17' } }, { images: 2, seed: 7, width: 128 }),
      headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
    });
    expect(created.status).toBe(202);
    const accepted = jobSchema.parse(created.json);
    expect(created.headers.get('location')).toBe(accepted.links.self);
    expect(created.headers.get('etag')).toBe('W/"1"');
    expect(created.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(accepted).toMatchObject({
      status: 'queued',
      traceId: '1-4bf92f35-77b34da6a3ce929d0e0e4736',
      metadata: { orderId: 'A-17' },
    });

    const job = await client.terminal(accepted.id);

    expect(job).toMatchObject({ status: 'succeeded', error: null, progress: { fraction: 1 } });
    expect(job.attempts).toMatchObject([{ number: 1, outcome: 'succeeded' }]);
    expect(job.outputs.map(({ index, seed, contentType }) => ({ index, seed, contentType }))).toEqual([
      { index: 0, seed: 7, contentType: 'image/webp' },
      { index: 1, seed: 8, contentType: 'image/webp' },
    ]);
    for (const output of job.outputs) {
      const bytes = await client.content(job.id, output.index);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(output.sha256);
      expect(bytes.byteLength).toBe(output.bytes);
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 128, height: 64 });
    }
    expect((await fetch(job.outputs[0]?.url ?? '')).status).toBe(200);
  });

  it('with the same request has the same bytes', async () => {
    const request = aRequest({}, { seed: 99 });
    const [one, two] = await Promise.all([client.submit(request), client.submit(request)]);
    const [first, second] = await Promise.all([client.terminal(one.id), client.terminal(two.id)]);

    expect(first.id).not.toBe(second.id);
    expect(first.outputs[0]?.sha256).toBe(second.outputs[0]?.sha256);
  });

  it('submitted 100 times at once under one key is one job', async () => {
    const headers = { 'idempotency-key': '"7c9e6679-7425-40de-944b-e07fc1f90ae7"' };
    const before = await client.list('?limit=100');

    const answers = await Promise.all(
      Array.from({ length: 100 }, () => client.call('/v1/jobs', { method: 'POST', body: aRequest(), headers })),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const ids = new Set(answers.map(({ json }) => json['id']));
    expect(ids.size).toBe(1);
    expect(answers.filter(({ headers: sent }) => sent.get('idempotency-replayed') !== 'true')).toHaveLength(1);
    const [id] = ids as Set<string>;
    const job = await client.terminal(id ?? '');
    expect(job.attempts).toHaveLength(1);
    expect((await client.list('?limit=100')).data).toHaveLength(before.data.length + 1);

    const other = await client.call('/v1/jobs', { method: 'POST', body: aRequest({}, { seed: 1 }), headers });
    expect(other).toMatchObject({ status: 422, json: { code: 'idempotency-key-reused', jobId: id } });
  });

  it('is waited for: until it ends, and until it changes', async () => {
    const { id } = await client.submit();
    const waited = await client.call(`/v1/jobs/${id}`, { headers: { prefer: 'wait=20' } });
    expect(waited).toMatchObject({ status: 200, json: { status: 'succeeded' } });
    expect(waited.headers.get('preference-applied')).toBe('wait=20');

    const etag = waited.headers.get('etag') ?? '';
    expect((await client.call(`/v1/jobs/${id}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const unchanged = await client.call(`/v1/jobs/${id}`, { headers: { 'if-none-match': etag, prefer: 'wait=1' } });
    expect(unchanged.status).toBe(304);
  });

  it('is listed, newest first, page by page', async () => {
    const newest: Job[] = [];
    for (let i = 0; i < 3; i++) newest.unshift(await client.submit());

    const first = await client.list('?limit=2');
    const second = await client.list(`?limit=2&cursor=${first.nextCursor}`);

    const ids = [...first.data, ...second.data].map(({ id }) => id);
    expect(ids.slice(0, 3)).toEqual(newest.map(({ id }) => id));
    expect(new Set(ids).size).toBe(4);
  });
});

describe('the API', () => {
  it('lists its models and says that it is well, the latter to anybody', async () => {
    const models = await client.call('/v1/models');
    expect(models.json).toMatchObject({ data: [{ id: 'sketch-1', tasks: ['text-to-image'], pool: 'local' }] });
    expect((await client.call('/v1/models/sketch-1')).status).toBe(200);
    expect((await client.call('/v1/models/sdxl')).json).toMatchObject({ status: 404, code: 'not-found' });
    expect(await client.call('/v1/health', { apiKey: null })).toMatchObject({ status: 200, json: { status: 'ok' } });
  });

  it.each([
    ['no key', null],
    ['a key of nobody', 'ai_AAAAAAAAAAAA_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB'],
    ['nonsense', 'nonsense'],
  ])('refuses %s', async (_name, apiKey) => {
    const answer = await client.call('/v1/jobs', { apiKey });

    expect(answer).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });
});
