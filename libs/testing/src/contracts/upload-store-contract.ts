import { createHash } from 'node:crypto';
import type { UploadStore } from '@afterimage/job-core';
import { uploadIdOf } from '@afterimage/job-schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import { aTenant } from '../builders/message-builders.ts';

export interface UploadStoreSubject {
  readonly store: UploadStore;
  /** What a client does with a signed PUT. */
  upload(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array<ArrayBuffer>): Promise<void>;
}

const MIB = 1024 * 1024;
const options = (maxBytes: number) => ({ maxBytes, signal: new AbortController().signal });

function aFile(bytes: number) {
  const body = new Uint8Array(bytes).fill(7);
  body[0] = Math.floor(Math.random() * 256);
  return { body, bytes, contentType: 'image/png', sha256: createHash('sha256').update(body).digest('hex') };
}

/** Holds an {@link UploadStore} to its port. */
export function describeUploadStoreContract(
  name: string,
  make: () => UploadStoreSubject | Promise<UploadStoreSubject>,
): void {
  describe(`${name} as an upload store`, () => {
    let subject: UploadStoreSubject;

    beforeAll(async () => {
      subject = await make();
    });

    it.each([1, 3 * MIB])('has what was put through a signed URL (%i bytes)', async (bytes) => {
      const { store, upload } = subject;
      const { tenantId } = aTenant();
      const { body, ...file } = aFile(bytes);
      const id = uploadIdOf(tenantId, file.sha256);

      const { url, headers } = await store.signPut(tenantId, id, { ...file, expiresInSeconds: 300 });
      expect(await store.storedAt(tenantId, id)).toBeUndefined();
      await upload(url, headers, body);
      await upload(url, headers, body);

      expect(await store.storedAt(tenantId, id)).toBeInstanceOf(Date);
      expect(Buffer.compare((await store.get(tenantId, id, options(bytes))) ?? Buffer.of(), body)).toBe(0);
      await expect(store.get(tenantId, id, options(bytes - 1))).rejects.toThrow(RangeError);
    });

    it('has what was stored, however often it is stored', async () => {
      const { store } = subject;
      const { tenantId } = aTenant();
      const { body, contentType, sha256 } = aFile(10);
      const id = uploadIdOf(tenantId, sha256);

      await store.store(tenantId, id, { body, contentType });
      await store.store(tenantId, id, { body, contentType });

      expect(Buffer.compare((await store.get(tenantId, id, options(10))) ?? Buffer.of(), body)).toBe(0);
    });

    it('does not show an upload to another tenant', async () => {
      const { store, upload } = subject;
      const { body, ...file } = aFile(10);
      const [mine, theirs] = [aTenant().tenantId, aTenant().tenantId];
      const id = uploadIdOf(mine, file.sha256);
      const { url, headers } = await store.signPut(mine, id, { ...file, expiresInSeconds: 300 });
      await upload(url, headers, body);

      expect(await store.storedAt(theirs, id)).toBeUndefined();
      expect(await store.get(theirs, id, options(10))).toBeUndefined();
    });
  });
}
