import type { OutputStore, SignedLink, UploadStore } from '@afterimage/job-core';
import type { S3Requests } from './s3-requests.ts';
import { uploadKey } from './upload-key.ts';

/** Signs URLs of the outputs bucket, and can nothing else. */
export class S3OutputSigner implements Pick<OutputStore, 'signUrl'> {
  readonly #requests: S3Requests;
  readonly #bucket: string;

  constructor(requests: S3Requests, bucket: string) {
    this.#requests = requests;
    this.#bucket = bucket;
  }

  signUrl(key: string, { expiresInSeconds }: { readonly expiresInSeconds: number }): Promise<SignedLink> {
    return this.#requests.presign({ method: 'GET', bucket: this.#bucket, key }, expiresInSeconds);
  }
}

/** Takes the tenants' uploads into the inputs bucket; who reads them has `S3UploadStore`. */
export class S3UploadIntake implements Omit<UploadStore, 'get'> {
  readonly #requests: S3Requests;
  readonly #bucket: string;

  constructor(requests: S3Requests, bucket: string) {
    this.#requests = requests;
    this.#bucket = bucket;
  }

  async storedAt(tenantId: string, uploadId: string): Promise<Date | undefined> {
    const key = uploadKey(tenantId, uploadId);
    const headers = await this.#requests.send({ method: 'HEAD', bucket: this.#bucket, key });
    const modified = headers?.['last-modified'];
    return modified === undefined ? undefined : new Date(modified);
  }

  async store(...[tenantId, uploadId, { body, contentType }]: Parameters<UploadStore['store']>): Promise<void> {
    const key = uploadKey(tenantId, uploadId);
    const headers = { 'content-type': contentType };
    const stored = await this.#requests.send({ method: 'PUT', bucket: this.#bucket, key, headers }, body);
    if (stored === undefined) throw new Error(`there is no bucket ${this.#bucket}`);
  }

  async signPut(
    ...[tenantId, uploadId, { contentType, bytes, sha256, expiresInSeconds }]: Parameters<UploadStore['signPut']>
  ): ReturnType<UploadStore['signPut']> {
    const headers = {
      'content-type': contentType,
      'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
    };
    const signed = await this.#requests.presign(
      {
        method: 'PUT',
        bucket: this.#bucket,
        key: uploadKey(tenantId, uploadId),
        headers: { ...headers, 'content-length': String(bytes) },
      },
      expiresInSeconds,
    );
    return { ...signed, headers };
  }
}
