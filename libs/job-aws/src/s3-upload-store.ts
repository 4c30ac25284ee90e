import type { UploadStore } from '@afterimage/job-core';
import type { S3Client } from '@aws-sdk/client-s3';
import { getObject, type GetObjectOptions } from './get-object.ts';

/** Key of an upload in the inputs bucket; the tenant is part of it, so that no other tenant's can be named. */
export function uploadKey(tenantId: string, uploadId: string): string {
  return `uploads/${tenantId}/${uploadId}`;
}

/** The tenants' uploads in the inputs bucket. */
export class S3UploadStore implements UploadStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  get(tenantId: string, uploadId: string, options: GetObjectOptions): Promise<Uint8Array | undefined> {
    return getObject(this.#client, this.#bucket, uploadKey(tenantId, uploadId), options);
  }
}
