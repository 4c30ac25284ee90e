import { createClient } from '@afterimage/client';
import type { Job } from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { addTenant } from '../src/tenants.ts';

const SLOW = { width: 1024, height: 768, steps: 100 };
const ENDS_MS = 90_000;

let test: TestStack;
let client: Client;

beforeAll(async () => {
  const env = { HEARTBEAT_INTERVAL_MS: '200', PREVIEW_INTERVAL_MS: '500' };
  test = await startTestStack({ sketchMsPerStep: 80, env: { 'gpu-worker': env } });
  ({ client } = test);
});
afterAll(() => test.stop());

const prefixOf = ({ id }: Pick<Job, 'id'>) => `previews/${test.stack.tenantId}/${id}/`;
const isGone = (job: Pick<Job, 'id'>) =>
  waitFor(async () => (await test.objects(prefixOf(job))).length === 0, {
    what: 'the preview to be deleted',
    timeoutMs: 30_000,
  });

async function withPreview(job: Pick<Job, 'id'>): Promise<string> {
  const shown = await client.jobWhere(job.id, 'shown', ({ progress }) => typeof progress?.previewUrl === 'string');
  return shown.progress?.previewUrl ?? '';
}

describe('the preview of a running job', () => {
  it('is a small picture behind a signed URL, and gone after the end', async () => {
    const job = await client.submit(aRequest({}, SLOW));

    const response = await fetch(await withPreview(job), { signal: AbortSignal.timeout(30_000) });
    const picture = await sharp(await response.bytes()).metadata();

    expect(response.headers.get('content-type')).toBe('image/webp');
    expect(picture).toMatchObject({ format: 'webp', width: 512, height: 384 });
    expect(await test.objects(prefixOf(job))).toEqual([`${prefixOf(job)}1.webp`]);
    const ended = await client.terminal(job.id, ENDS_MS);
    expect(ended).toMatchObject({ status: 'succeeded', progress: { fraction: 1, previewUrl: null } });
    await isGone(job);
  });

  it('comes with the events as with a poll', async () => {
    const job = await client.submit(aRequest({}, SLOW));
    const sdk = createClient({ apiKey: test.stack.apiKey, baseUrl: test.stack.apiUrl });
    const urls: string[] = [];

    for await (const event of sdk.jobs.events(job.id)) {
      if (event.type === 'progress' && event.progress.previewUrl !== null) urls.push(event.progress.previewUrl);
    }

    expect(urls.length).toBeGreaterThan(0);
    expect(new URL(urls[0] ?? '').searchParams.has('X-Amz-Signature')).toBe(true);
    await isGone(job);
  });

  it('is gone after a cancellation, and shown to no other tenant', async () => {
    const stranger = await addTenant(test.stack, 'stranger');
    const job = await client.submit(aRequest({}, SLOW));
    await withPreview(job);

    expect((await stranger.call(`/v1/jobs/${job.id}`)).status).toBe(404);
    await client.call(`/v1/jobs/${job.id}/cancel`, { method: 'POST' });

    const ended = await client.terminal(job.id, ENDS_MS);
    expect(ended.status).toBe('canceled');
    expect(ended.progress?.previewUrl ?? null).toBeNull();
    await isGone(job);
  });

  it('goes with an erased job at once', async () => {
    const job = await client.submit(aRequest({}, SLOW));
    await withPreview(job);
    await client.call(`/v1/jobs/${job.id}/cancel`, { method: 'POST' });
    await client.terminal(job.id, ENDS_MS);

    expect((await client.call(`/v1/jobs/${job.id}`, { method: 'DELETE' })).status).toBe(204);

    expect(await test.objects(prefixOf(job))).toEqual([]);
  });
});
