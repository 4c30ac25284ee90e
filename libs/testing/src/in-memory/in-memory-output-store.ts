import type { OutputStore, OutputUpload, SignedLink } from '@afterimage/job-core';

/** Objects in a map. */
export class InMemoryOutputStore implements OutputStore {
  readonly objects = new Map<string, OutputUpload>();

  async put(upload: OutputUpload, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.objects.set(upload.key, structuredClone(upload));
  }

  async get(...[key, { maxBytes, signal }]: Parameters<OutputStore['get']>): Promise<Uint8Array | undefined> {
    signal.throwIfAborted();
    const body = this.objects.get(key)?.body;
    if (body !== undefined && body.byteLength > maxBytes) throw new RangeError(`an object of ${body.byteLength} bytes`);
    return body;
  }

  async exists(key: string): Promise<boolean> {
    return this.objects.has(key);
  }

  async signUrl(key: string, { expiresInSeconds }: { readonly expiresInSeconds: number }): Promise<SignedLink> {
    return { url: `https://outputs.example.com/${key}?expires=${expiresInSeconds}`, credentialsEndAt: null };
  }

  async copy(from: string, to: string): Promise<boolean> {
    const source = this.objects.get(from);
    if (source !== undefined) this.objects.set(to, { ...source, key: to });
    return source !== undefined;
  }

  async delete(key: string): Promise<void> {
    this.objects.delete(key);
  }

  async deleteFiles(prefix: string): Promise<void> {
    for (const key of this.objects.keys()) {
      if (key.startsWith(prefix) && !key.includes('/', prefix.length)) this.objects.delete(key);
    }
  }

  async deleteAll(prefix: string): Promise<void> {
    for (const key of this.objects.keys()) if (key.startsWith(prefix)) this.objects.delete(key);
  }
}
