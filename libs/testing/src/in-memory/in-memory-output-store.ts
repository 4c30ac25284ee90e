import type { OutputStore, OutputUpload } from '@afterimage/job-core';

/** Objects in a map. */
export class InMemoryOutputStore implements OutputStore {
  readonly objects = new Map<string, OutputUpload>();

  async put(upload: OutputUpload, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.objects.set(upload.key, structuredClone(upload));
  }

  async exists(key: string): Promise<boolean> {
    return this.objects.has(key);
  }

  async signUrl(key: string, { expiresInSeconds }: { readonly expiresInSeconds: number }): Promise<string> {
    return `https://outputs.example.com/${key}?expires=${expiresInSeconds}`;
  }
}
