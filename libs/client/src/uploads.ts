import type { Settings } from './client-options.ts';
import type { ImageFile } from './create-job-request.ts';
import type { CallOptions } from './job-handle.ts';
import { readUpload, type Upload } from './read-upload.ts';
import { sha256Of } from './sha256.ts';
import { errorOf, overNetwork, type Transport } from './transport.ts';

export type ImageContentType = 'image/png' | 'image/jpeg' | 'image/webp';

export interface Uploads {
  /**
   * Uploads an image (PNG, JPEG or WebP), unless the API has it already.
   * @returns the id of the upload, for the image inputs of jobs
   * @throws TypeError when it is none of these images
   */
  create(file: ImageFile, options?: CallOptions): Promise<string>;
}

export function makeUploads({ fetch, downloadTimeoutMs, runtime }: Settings, transport: Transport): Uploads {
  /** To the file store, which must not see the key. */
  async function put({ url, headers }: Upload, body: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<void> {
    if (url === null) return;
    const { origin } = new URL(url);
    const putOnce = async (end: AbortSignal): Promise<void> => {
      const response = await overNetwork(origin, async () => {
        const answer = await fetch(url, { method: 'PUT', headers, body, redirect: 'manual', signal: end });
        return { ok: answer.ok, status: answer.status, headers: answer.headers, text: await answer.text() };
      });
      if (!response.ok) throw errorOf(response.status, response.headers, response.text, runtime.nowMs());
    };
    await transport.attempt(putOnce, { timeoutMs: downloadTimeoutMs, signal });
  }

  return {
    async create(file, { signal } = {}) {
      const bytes = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : Uint8Array.from(file);
      const request = { contentType: contentTypeOf(bytes), bytes: bytes.length, sha256: await sha256Of(bytes) };
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify(request);
      const upload = readUpload(await transport.send({ path: '/v1/uploads', method: 'POST', headers, body, signal }));
      await put(upload, bytes, signal);
      return upload.id;
    },
  };
}

/** Where the first bytes of each format are what. */
const SIGNATURES: readonly (readonly [ImageContentType, at: number, text: string])[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/webp', 8, 'WEBP'],
];

/** By the bytes: names and the types of Blobs are often wrong or missing. */
function contentTypeOf(bytes: Uint8Array): ImageContentType {
  for (const [contentType, at, text] of SIGNATURES) {
    if (String.fromCharCode(...bytes.subarray(at, at + text.length)) === text) return contentType;
  }
  throw new TypeError('an image must be a PNG, JPEG or WebP file');
}
