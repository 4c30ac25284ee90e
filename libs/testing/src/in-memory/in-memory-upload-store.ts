import type { UploadStore } from '@afterimage/job-core';

/** Uploads in a map. */
export class InMemoryUploadStore implements UploadStore {
  readonly #uploads = new Map<string, Uint8Array>();

  put(tenantId: string, uploadId: string, data: Uint8Array): void {
    this.#uploads.set(`${tenantId}/${uploadId}`, data);
  }

  async get(
    ...[tenantId, uploadId, { maxBytes, signal }]: Parameters<UploadStore['get']>
  ): Promise<Uint8Array | undefined> {
    signal.throwIfAborted();
    const data = this.#uploads.get(`${tenantId}/${uploadId}`);
    if (data !== undefined && data.byteLength > maxBytes) throw new RangeError(`an upload of ${data.byteLength} bytes`);
    return data;
  }
}
