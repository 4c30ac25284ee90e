import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createUploadSchema } from '@afterimage/job-schemas';
import { aJob, type FakeApi } from '@afterimage/testing/fake-api';
import type { CreateJobRequest } from '../src/index.ts';
import { aClient, anApi, API_KEY } from './a-client.ts';

const UPLOAD = 'POST /v1/uploads';
const PUT = 'PUT /bucket/upload?signature=s';
const WEBP = new TextEncoder().encode('RIFF....WEBPVP8 not really a picture');
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3);
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 1, 2, 3);

const signed = (bucket: FakeApi, id: string) => ({
  status: 201,
  body: {
    id,
    deduplicated: false,
    url: `${bucket.url}/bucket/upload?signature=s`,
    headers: { 'x-amz-checksum-sha256': 'c' },
  },
});
const known = (id: string) => ({ status: 201, body: { id, deduplicated: true, url: null, headers: null } });

async function aStore() {
  const [api, bucket] = [await anApi(), await anApi()];
  api.on(UPLOAD, signed(bucket, 'upl_1'));
  bucket.on(PUT, { status: 200 });
  return { api, bucket, ...aClient(api) };
}

describe('an upload', () => {
  test('is put where the API says, with the headers that it says and without the key', async () => {
    const { api, bucket, client } = await aStore();
    expect(await client.uploads.create(WEBP)).toBe('upl_1');
    const sha256 = createHash('sha256').update(WEBP).digest('hex');
    const request = createUploadSchema.parse(JSON.parse(api.requestsTo(UPLOAD)[0]?.body ?? ''));
    expect(request).toEqual({ contentType: 'image/webp', bytes: WEBP.length, sha256 });
    expect(bucket.requestsTo(PUT)).toMatchObject([
      { body: new TextDecoder().decode(WEBP), headers: { 'x-amz-checksum-sha256': 'c' } },
    ]);
    expect(JSON.stringify(bucket.requests)).not.toContain(API_KEY);
  });

  test.each([
    ['image/png', PNG],
    ['image/jpeg', Buffer.from(JPEG)],
    ['image/webp', new Blob([WEBP], { type: 'text/plain' })],
  ])('is known by its bytes as %s', async (contentType, file) => {
    const { api, client } = await aStore();
    await client.uploads.create(file);
    expect(JSON.parse(api.requestsTo(UPLOAD)[0]?.body ?? '')).toMatchObject({ contentType });
  });

  test('of what is no image is refused before any request', async () => {
    const { api, client } = await aStore();
    await expect(client.uploads.create(new TextEncoder().encode('GIF89a'))).rejects.toThrow(TypeError);
    await expect(client.uploads.create(new Uint8Array())).rejects.toThrow(TypeError);
    expect(api.requests).toEqual([]);
  });

  test('is not put a second time', async () => {
    const { api, bucket, client } = await aStore();
    api.on(UPLOAD, known('upl_2'));
    expect(await client.uploads.create(PNG)).toBe('upl_2');
    expect(bucket.requests).toEqual([]);
  });

  test('is tried again when the store is busy or the connection breaks, and not when it is refused', async () => {
    const { bucket, client, pauses } = await aStore();
    bucket.on(PUT, { status: 503 }, 'drop', { status: 200 }, { status: 403 });
    await client.uploads.create(PNG);
    expect(pauses).toHaveLength(2);
    await expect(client.uploads.create(PNG)).rejects.toMatchObject({ status: 403 });
    expect(bucket.requests).toHaveLength(4);
  });

  test('needs a reply that is one', async () => {
    const { api, client } = await aStore();
    api.on(UPLOAD, { status: 201, body: { id: 'upl_1', url: 'nowhere' } });
    await expect(client.uploads.create(PNG)).rejects.toMatchObject({ code: 'unexpected-reply' });
  });
});

describe('a job with files', () => {
  const ref = { jobOutput: 'job_1/0' };
  const base = { model: 'm' } as const;

  test.each<readonly [CreateJobRequest, object]>([
    [
      { ...base, task: 'image-to-image', input: { prompt: 'p', image: PNG, mask: new Blob([PNG]) } },
      { prompt: 'p', image: { uploadId: 'upl_2' }, mask: { uploadId: 'upl_2' } },
    ],
    [
      { ...base, task: 'image-to-image', input: { prompt: 'p', image: ref } },
      { prompt: 'p', image: ref },
    ],
    [
      { ...base, task: 'upscale', input: { image: PNG, scale: 2 } },
      { image: { uploadId: 'upl_2' }, scale: 2 },
    ],
    [
      { ...base, task: 'workflow', input: { workflow: {}, images: { face: PNG, pose: ref } } },
      { workflow: {}, images: { face: { uploadId: 'upl_2' }, pose: ref } },
    ],
    [{ ...base, task: 'workflow', input: { workflow: {} } }, { workflow: {} }],
  ])('has their uploads in their place: %#', async (request, input) => {
    const { api, client } = await aStore();
    api.on(UPLOAD, known('upl_2'));
    api.on('POST /v1/jobs', { status: 202, body: aJob() });
    await client.jobs.create(request);
    expect(JSON.parse(api.requestsTo('POST /v1/jobs')[0]?.body ?? '')).toEqual({ ...request, input });
  });

  test('is not created when a file is none', async () => {
    const { api, client } = await aStore();
    const input = { image: new Uint8Array(9) };
    await expect(client.run({ ...base, task: 'upscale', input })).rejects.toThrow('PNG, JPEG or WebP');
    expect(api.requests).toEqual([]);
  });
});
