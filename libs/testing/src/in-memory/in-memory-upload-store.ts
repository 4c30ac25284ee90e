import type { Clock, UploadStore } from '@afterimage/job-core';

interface StoredUpload {
  readonly data: Uint8Array;
  readonly at: Date;
}

const BASE_URL = 'https://inputs.example.com/';

/** Uploads in a map. */
export class InMemoryUploadStore implements UploadStore {
  readonly #uploads = new Map<string, StoredUpload>();
  readonly #now: Clock;

  constructor(now: Clock = () => new Date()) {
    this.#now = now;
  }

  put(tenantId: string, uploadId: string, data: Uint8Array): void {
    this.#uploads.set(`${tenantId}/${uploadId}`, { data, at: this.#now() });
  }

  /** What a client does with a signed URL. */
  putTo(url: string, data: Uint8Array): void {
    const [tenantId = '', uploadId = ''] = url.slice(BASE_URL.length).split('/');
    this.put(tenantId, uploadId, data);
  }

  async store(...[tenantId, uploadId, { body }]: Parameters<UploadStore['store']>): Promise<void> {
    this.put(tenantId, uploadId, body);
  }

  async get(
    ...[tenantId, uploadId, { maxBytes, signal }]: Parameters<UploadStore['get']>
  ): Promise<Uint8Array | undefined> {
    signal.throwIfAborted();
    const data = this.#uploads.get(`${tenantId}/${uploadId}`)?.data;
    if (data !== undefined && data.byteLength > maxBytes) throw new RangeError(`an upload of ${data.byteLength} bytes`);
    return data;
  }

  async storedAt(tenantId: string, uploadId: string): Promise<Date | undefined> {
    return this.#uploads.get(`${tenantId}/${uploadId}`)?.at;
  }

  async signPut(
    ...[tenantId, uploadId, { contentType, sha256 }]: Parameters<UploadStore['signPut']>
  ): ReturnType<UploadStore['signPut']> {
    const checksum = Buffer.from(sha256, 'hex').toString('base64');
    return {
      url: `${BASE_URL}${tenantId}/${uploadId}`,
      credentialsEndAt: null,
      headers: { 'content-type': contentType, 'x-amz-checksum-sha256': checksum },
    };
  }
}
