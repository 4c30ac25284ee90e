import { describe, expect, test } from 'vitest';
import type { Batch as ServerBatch } from '@afterimage/job-schemas';
import { aJob, JOB_ID } from '@afterimage/testing/fake-api';
import { BatchWaitTimeoutError, UnexpectedReplyError } from '../src/index.ts';
import { aClient, anApi, REQUEST } from './a-client.ts';

const BATCH_ID = 'bat_01KAFTERMAGE00000000000000';
const CREATE = 'POST /v1/batches';
const GET = `GET /v1/batches/${BATCH_ID}`;
const NONE = { rejected: 0, queued: 0, running: 0, canceling: 0, succeeded: 0, failed: 0, canceled: 0, expired: 0 };

function aBatch(overrides: Partial<ServerBatch> = {}): ServerBatch {
  const self = `https://api.example/v1/batches/${BATCH_ID}`;
  return {
    id: BATCH_ID,
    object: 'batch',
    status: 'processing',
    counts: { ...NONE, total: 1, queued: 1 },
    items: [{ index: 0, status: 202, jobId: JOB_ID, jobStatus: 'queued', problem: null }],
    webhook: null,
    metadata: {},
    createdAt: '2026-01-02T03:04:05.006Z',
    cancelRequestedAt: null,
    finishedAt: null,
    traceId: null,
    links: { self, cancel: `${self}/cancel`, jobs: `https://api.example/v1/jobs?batchId=${BATCH_ID}` },
    ...overrides,
  };
}

const completed = aBatch({ status: 'completed', counts: { ...NONE, total: 1, failed: 1 } });
const running = aBatch({ counts: { ...NONE, total: 1, running: 1 } });

describe('a batch', () => {
  test('is created once, under one key over the retries, with its files uploaded', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const upload = { id: 'upl_1', url: null, headers: null, method: null, deduplicated: true };
    api.on('POST /v1/uploads', { status: 201, body: upload });
    api.on(CREATE, 'drop', { status: 207, body: aBatch() });

    const handle = await client.batches.create({
      items: [REQUEST, { model: 'm', task: 'upscale', input: { image: png } }],
      metadata: { orderId: 'A-17' },
    });

    expect(handle).toMatchObject({ id: BATCH_ID, isFinished: false });
    const sent = api.requestsTo(CREATE);
    expect(new Set(sent.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    const expected = { items: [REQUEST, { input: { image: { uploadId: 'upl_1' } } }], metadata: { orderId: 'A-17' } };
    expect(sent.map(({ body }) => JSON.parse(body))).toMatchObject([expected, expected]);
  });

  test('is waited for to its end, at the pace that the API asks for', async () => {
    const api = await anApi();
    const { client, pauses } = aClient(api);
    const headers = { 'retry-after': '7' };
    api.on(
      GET,
      { status: 200, headers, body: aBatch() },
      { status: 200, body: running },
      { status: 200, body: completed },
    );
    const seen: number[] = [];

    const handle = await client.batches.get(BATCH_ID);
    await handle.wait({ onProgress: ({ counts }) => void seen.push(counts.running) });

    expect(handle.isFinished).toBe(true);
    expect(handle.batch.counts.failed).toBe(1);
    expect(seen).toEqual([0, 1, 0]);
    expect(pauses).toEqual([7000, 5000]);
  });

  test('counts an unknown status as unfinished', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(GET, { status: 200, body: { ...aBatch(), status: 'second_look' } }, { status: 200, body: completed });

    const handle = await client.batches.get(BATCH_ID);

    expect((await handle.wait()).batch.status).toBe('completed');
  });

  test('that takes too long ends the wait alone', async () => {
    const api = await anApi();
    const { client, timeouts } = aClient(api);
    api.on(GET, { status: 200, body: aBatch() });
    const handle = await client.batches.get(BATCH_ID);

    const waiting = handle.wait({ waitMs: 60_000, onProgress: () => timeouts.at(-1)?.end() });

    await expect(waiting).rejects.toThrow(BatchWaitTimeoutError);
    await expect(waiting).rejects.toMatchObject({ code: 'wait-timeout', handle });
  });

  test('stays completed when an older answer comes late', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(GET, { status: 200, body: completed }, { status: 200, body: running });

    const handle = await client.batches.get(BATCH_ID);
    await handle.refresh();

    expect(handle.batch.status).toBe('completed');
  });

  test('is canceled, and lists its jobs', async () => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(`POST /v1/batches/${BATCH_ID}/cancel`, { status: 202, body: aBatch({ status: 'canceling' }) });
    api.on(`GET /v1/jobs?limit=100&batchId=${BATCH_ID}`, { status: 200, body: { data: [aJob()], nextCursor: null } });

    const handle = await client.batches.cancel(BATCH_ID);
    const ids: string[] = [];
    for await (const { id } of handle.jobs()) ids.push(id);

    expect(handle.batch.status).toBe('canceling');
    expect(ids).toEqual([JOB_ID]);
  });

  test.each([
    ['no batch', {}],
    ['the id of something else', { ...aBatch(), id: '../jobs' }],
    ['an item that is none', { ...aBatch(), items: [7] }],
  ])('is not understood when the reply is %s', async (_, body) => {
    const api = await anApi();
    const { client } = aClient(api);
    api.on(GET, { status: 200, body });

    await expect(client.batches.get(BATCH_ID)).rejects.toThrow(UnexpectedReplyError);
  });

  test('has no other path for an id', async () => {
    const { client } = aClient(await anApi());

    await expect(client.batches.get('../jobs')).rejects.toThrow(TypeError);
  });
});
