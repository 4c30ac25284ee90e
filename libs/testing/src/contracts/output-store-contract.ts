import { createHash } from 'node:crypto';
import type { OutputStore, OutputUpload } from '@afterimage/job-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../builders/job-builders.ts';

export interface OutputStoreSubject {
  readonly store: OutputStore;
  /** What a client gets who follows a signed URL. */
  download(url: string): Promise<{ readonly body: Uint8Array; readonly contentType: string | null }>;
}

const MIB = 1024 * 1024;

/** An upload of pseudo-random bytes: a body of one value would hide parts that were put together in the wrong order. */
function anUpload(bytes: number): OutputUpload {
  const body = new Uint8Array(bytes);
  for (let index = 0; index < bytes; index++) body[index] = (index * 2_654_435_761) >>> 13;
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { key: `jobs/${anId('job')}/1/0.png`, body, contentType: 'image/png', sha256 };
}

/** Holds an {@link OutputStore} to its port. */
export function describeOutputStoreContract(
  name: string,
  make: () => OutputStoreSubject | Promise<OutputStoreSubject>,
): void {
  describe(`${name} as an output store`, () => {
    let subject: OutputStoreSubject;

    beforeAll(async () => {
      subject = await make();
    });

    it.each([
      ['an empty body', 0],
      ['a small body', 1000],
      ['a body as large as one request takes', 8 * MIB],
      ['a larger body', 20 * MIB + 1],
    ])('keeps %s, however often it is put', async (_, bytes) => {
      const { store, download } = subject;
      const upload = anUpload(bytes);

      await store.put(upload);
      await store.put(upload);

      expect(await store.exists(upload.key)).toBe(true);
      const { body, contentType } = await download((await store.signUrl(upload.key, { expiresInSeconds: 300 })).url);
      expect(contentType).toBe('image/png');
      expect(createHash('sha256').update(body).digest('hex')).toBe(upload.sha256);
    });

    it('knows what is not there', async () => {
      expect(await subject.store.exists(`jobs/${anId('job')}/1/0.png`)).toBe(false);
    });

    it('deletes one object, and nothing that begins alike, though it is not there', async () => {
      const { store } = subject;
      const upload = anUpload(10);
      const other = { ...upload, key: `${upload.key}-thumb.webp` };
      await store.put(upload);
      await store.put(other);

      await store.delete(upload.key);
      await store.delete(upload.key);

      expect(await store.exists(upload.key)).toBe(false);
      expect(await store.exists(other.key)).toBe(true);
    });

    it('deletes what is under a prefix, however much it is, and nothing else', async () => {
      const { store } = subject;
      const prefix = `outputs/${anId('job')}/`;
      const inside = Array.from({ length: 12 }, (_, index) => ({ ...anUpload(10), key: `${prefix}${index}/0.png` }));
      const outside = { ...anUpload(10), key: `outputs/${anId('job')}/1/0.png` };
      await Promise.all([...inside, outside].map((upload) => store.put(upload)));

      await store.deleteAll(prefix);
      await store.deleteAll(prefix);

      expect(await Promise.all(inside.map(({ key }) => store.exists(key)))).not.toContain(true);
      expect(await store.exists(outside.key)).toBe(true);
    });

    it('deletes the files that begin alike, and nothing in folders that do', async () => {
      const { store } = subject;
      const stem = `outputs/${anId('job')}/a/a-12ef`;
      const inside = ['.out', '-1.png'].map((end) => ({ ...anUpload(10), key: `${stem}${end}` }));
      const outside = { ...anUpload(10), key: `${stem}/b/b-34ab.out` };
      await Promise.all([...inside, outside].map((upload) => store.put(upload)));

      await store.deleteFiles(stem);
      await store.deleteFiles(stem);

      expect(await Promise.all(inside.map(({ key }) => store.exists(key)))).toEqual([false, false]);
      expect(await store.exists(outside.key)).toBe(true);
    });

    it('copies an object as it is, however often, and tells when there is none', async () => {
      const { store, download } = subject;
      const upload = { ...anUpload(1000), key: `outputs/ténant +1/${anId('job')}=1.png` };
      const to = `outputs/${anId('job')}-1.png`;
      await store.put(upload);

      expect(await store.copy(upload.key, to)).toBe(true);
      expect(await store.copy(upload.key, to)).toBe(true);
      expect(await store.copy(`${upload.key}-gone`, to)).toBe(false);

      const { body, contentType } = await download((await store.signUrl(to, { expiresInSeconds: 300 })).url);
      expect({ contentType, body: Buffer.from(body) }).toEqual({
        contentType: 'image/png',
        body: Buffer.from(upload.body),
      });
    });

    it.each([1000, 9 * MIB])('puts nothing when it is aborted before (%i bytes)', async (bytes) => {
      const upload = anUpload(bytes);

      await expect(subject.store.put(upload, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });

      expect(await subject.store.exists(upload.key)).toBe(false);
    });
  });
}
