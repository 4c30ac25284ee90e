import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { uploadSchema } from '@afterimage/job-schemas';
import type { Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;
let client: Client;
let picture: Buffer<ArrayBuffer>;

beforeAll(async () => {
  test = await startTestStack();
  ({ client } = test);
  const create = { width: 64, height: 64, channels: 3, background: 'teal' } as const;
  picture = Buffer.from(await sharp({ create }).png().toBuffer());
});
afterAll(() => test.stop());

const upload = (body: unknown) => client.call('/v1/uploads', { method: 'POST', body });
const describePicture = () => ({
  contentType: 'image/png',
  bytes: picture.byteLength,
  sha256: createHash('sha256').update(picture).digest('hex'),
});

it('an image is put straight into storage, and only once', async () => {
  const asked = await upload(describePicture());
  expect(asked.status).toBe(201);
  const { id, url, method, headers } = uploadSchema.parse(asked.json);
  expect(await upload(describePicture())).toMatchObject({ json: { id, deduplicated: false } });

  const put = await fetch(url ?? '', { method: method ?? '', headers: headers ?? {}, body: picture });
  expect(put.status).toBe(200);

  expect(await upload(describePicture())).toMatchObject({ status: 201, json: { id, deduplicated: true, url: null } });
});

it.each([
  ['another type', { contentType: 'image/gif' }, '#/contentType', ['image/png', 'image/jpeg', 'image/webp']],
  ['no bytes', { bytes: 0 }, '#/bytes', 1],
  ['too many bytes', { bytes: 20 * 1024 * 1024 + 1 }, '#/bytes', 20 * 1024 * 1024],
  ['a hash that is none', { sha256: 'abc' }, '#/sha256', undefined],
  ['a file name', { name: 'a.png' }, '#/name', undefined],
])('an upload of %s is refused with what is wrong', async (_name, overrides, pointer, limit) => {
  const answer = await upload({ ...describePicture(), ...overrides });

  const error = { pointer, ...(limit === undefined ? {} : { limit }) };
  expect(answer).toMatchObject({ status: 422, json: { code: 'validation-failed', errors: [error] } });
});
