import type { UploadStore } from '@afterimage/job-core';
import type { S3Client } from '@aws-sdk/client-s3';
import { HeadObjectCommand, NotFound, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { callAws } from './aws-errors.ts';
import { endOfCredentials } from './end-of-credentials.ts';
import { getObject, type GetObjectOptions } from './get-object.ts';
import { uploadKey } from './upload-key.ts';

const CHECKSUM = 'x-amz-checksum-sha256';
/** Left to itself the signer would take none of them into the signature: S3 would store any bytes of any type. */
const SIGNED_HEADERS = ['content-type', 'content-length', CHECKSUM];

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

  async storedAt(tenantId: string, uploadId: string): Promise<Date | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.#bucket, Key: uploadKey(tenantId, uploadId) });
    try {
      const { LastModified } = await callAws('the inputs bucket', () => this.#client.send(command));
      return LastModified;
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  async store(...[tenantId, uploadId, { body, contentType }]: Parameters<UploadStore['store']>): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: uploadKey(tenantId, uploadId),
      Body: body,
      ContentType: contentType,
    });
    await callAws('the inputs bucket', () => this.#client.send(command));
  }

  async signPut(
    ...[tenantId, uploadId, { contentType, bytes, sha256, expiresInSeconds }]: Parameters<UploadStore['signPut']>
  ): ReturnType<UploadStore['signPut']> {
    const checksum = Buffer.from(sha256, 'hex').toString('base64');
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: uploadKey(tenantId, uploadId),
      ContentType: contentType,
      ContentLength: bytes,
      ChecksumSHA256: checksum,
    });
    const credentialsEndAt = await endOfCredentials(this.#client.config.credentials);
    const url = await getSignedUrl(this.#client, command, {
      expiresIn: expiresInSeconds,
      signableHeaders: new Set(SIGNED_HEADERS),
      unhoistableHeaders: new Set([CHECKSUM]),
    });
    return { url, credentialsEndAt, headers: { 'content-type': contentType, [CHECKSUM]: checksum } };
  }
}
