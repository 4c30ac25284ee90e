import { createHash } from 'node:crypto';
import type { UploadStore } from '@afterimage/job-core';
import { createUploadSchema, LIMITS, uploadIdOf, uploadSchema } from '@afterimage/job-schemas';
import { FakeClock, InMemoryUploadStore, silentLog } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { makeCreateUpload } from './create-upload.ts';

const BYTES = Buffer.from('the bytes of a picture');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const REQUEST = createUploadSchema.parse({ contentType: 'image/png', bytes: BYTES.byteLength, sha256: SHA256 });
const DAY_MS = 86_400_000;

function setUp() {
  const clock = new FakeClock();
  const uploads = new InMemoryUploadStore(clock.now);
  return { clock, uploads, createUpload: makeCreateUpload({ uploads, now: clock.now, log: silentLog }) };
}

describe('createUpload', () => {
  it('signs a PUT of exactly these bytes, for a while', async () => {
    const { clock, createUpload } = setUp();

    const upload = uploadSchema.strict().parse(await createUpload('tenant-1', REQUEST));

    expect(upload).toMatchObject({
      ...REQUEST,
      id: uploadIdOf('tenant-1', SHA256),
      method: 'PUT',
      deduplicated: false,
    });
    expect(upload.headers).toEqual({
      'content-type': 'image/png',
      'x-amz-checksum-sha256': Buffer.from(SHA256, 'hex').toString('base64'),
    });
    expect(upload.expiresAt).toBe(new Date(clock.now().getTime() + 900_000).toISOString());
  });

  it('says that its URL ends with the session that signed it', async () => {
    const { clock, uploads } = setUp();
    const credentialsEndAt = new Date(clock.now().getTime() + 300_000);
    const storedAt = uploads.storedAt.bind(uploads);
    const signPut: UploadStore['signPut'] = async (...args) => ({
      ...(await uploads.signPut(...args)),
      credentialsEndAt,
    });
    const createUpload = makeCreateUpload({ uploads: { storedAt, signPut }, now: clock.now, log: silentLog });

    expect((await createUpload('tenant-1', REQUEST)).expiresAt).toBe(credentialsEndAt.toISOString());
  });

  it('is the same upload for the same bytes, and another for another tenant', async () => {
    const { createUpload } = setUp();

    const [mine, again, theirs] = await Promise.all(
      ['tenant-1', 'tenant-1', 'tenant-2'].map((tenant) => createUpload(tenant, REQUEST)),
    );

    expect(again?.id).toBe(mine?.id);
    expect(theirs?.id).not.toBe(mine?.id);
  });

  it('needs no second upload of what the tenant has uploaded', async () => {
    const { uploads, createUpload } = setUp();
    const { id } = await createUpload('tenant-1', REQUEST);
    uploads.put('tenant-1', id, BYTES);

    const again = await createUpload('tenant-1', REQUEST);
    const theirs = await createUpload('tenant-2', REQUEST);

    expect(uploadSchema.strict().parse(again)).toEqual({
      ...REQUEST,
      id,
      object: 'upload',
      deduplicated: true,
      url: null,
      method: null,
      headers: null,
      expiresAt: null,
    });
    expect(theirs.deduplicated).toBe(false);
  });

  it('has an upload made again that is about to expire', async () => {
    const { clock, uploads, createUpload } = setUp();
    uploads.put('tenant-1', uploadIdOf('tenant-1', SHA256), BYTES);

    clock.advance((LIMITS.uploadDays - 1) * DAY_MS - 1);
    expect((await createUpload('tenant-1', REQUEST)).deduplicated).toBe(true);
    clock.advance(1);
    expect((await createUpload('tenant-1', REQUEST)).deduplicated).toBe(false);
  });
});
