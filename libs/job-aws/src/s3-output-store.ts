import { DependencyUnavailableError, type OutputStore, type OutputUpload, type SignedLink } from '@afterimage/job-core';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { callAws } from './aws-errors.ts';
import { endOfCredentials } from './end-of-credentials.ts';
import { getObject, type GetObjectOptions } from './get-object.ts';

/** Larger bodies go up in parts of this size. */
const PART_BYTES = 8 * 1024 * 1024;

/** Images in the outputs bucket. The SHA-256 of the whole object is in its metadata, however it was uploaded. */
export class S3OutputStore implements OutputStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(upload: OutputUpload, signal?: AbortSignal): Promise<void> {
    const params = {
      Bucket: this.#bucket,
      Key: upload.key,
      Body: upload.body,
      ContentType: upload.contentType,
      Metadata: { sha256: upload.sha256 },
    };
    if (upload.body.byteLength > PART_BYTES) {
      await callAws('the outputs bucket', () => this.#putInParts(params, signal));
      return;
    }
    const checksum = Buffer.from(upload.sha256, 'hex').toString('base64');
    const command = new PutObjectCommand({ ...params, ChecksumSHA256: checksum });
    await callAws('the outputs bucket', () =>
      this.#client.send(command, signal === undefined ? {} : { abortSignal: signal }),
    );
  }

  /** S3 checks each part; it has no SHA-256 over the parts of an upload. */
  async #putInParts(params: Upload['params'], signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const upload = new Upload({
      client: this.#client,
      params: { ...params, ChecksumAlgorithm: 'SHA256' },
      partSize: PART_BYTES,
    });
    const abort = () => void upload.abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await upload.done();
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  get(key: string, options: GetObjectOptions): Promise<Uint8Array | undefined> {
    return getObject(this.#client, this.#bucket, key, options);
  }

  async exists(key: string): Promise<boolean> {
    const command = new HeadObjectCommand({ Bucket: this.#bucket, Key: key });
    try {
      await callAws('the outputs bucket', () => this.#client.send(command));
      return true;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw error;
    }
  }

  async signUrl(key: string, { expiresInSeconds }: { readonly expiresInSeconds: number }): Promise<SignedLink> {
    const credentialsEndAt = await endOfCredentials(this.#client.config.credentials);
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: key });
    return { url: await getSignedUrl(this.#client, command, { expiresIn: expiresInSeconds }), credentialsEndAt };
  }

  async copy(from: string, to: string): Promise<boolean> {
    const source = [this.#bucket, ...from.split('/')].map(encodeURIComponent).join('/');
    const command = new CopyObjectCommand({ Bucket: this.#bucket, Key: to, CopySource: source });
    try {
      await callAws('the outputs bucket', () => this.#client.send(command));
      return true;
    } catch (error) {
      if (error instanceof NoSuchKey) return false;
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    const command = new DeleteObjectCommand({ Bucket: this.#bucket, Key: key });
    await callAws('the outputs bucket', () => this.#client.send(command));
  }

  deleteAll(prefix: string): Promise<void> {
    return this.#deleteListed(prefix, () => true);
  }

  deleteFiles(prefix: string): Promise<void> {
    return this.#deleteListed(prefix, (key) => !key.includes('/', prefix.length));
  }

  async #deleteListed(prefix: string, isMeant: (key: string) => boolean): Promise<void> {
    let from: string | undefined;
    do {
      const list = new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, ContinuationToken: from });
      const page = await callAws('the outputs bucket', () => this.#client.send(list));
      await this.#delete(
        (page.Contents ?? []).flatMap(({ Key }) => (Key !== undefined && isMeant(Key) ? [{ Key }] : [])),
      );
      from = page.NextContinuationToken;
    } while (from !== undefined);
  }

  async #delete(Objects: { Key: string }[]): Promise<void> {
    if (Objects.length === 0) return;
    const command = new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } });
    const { Errors = [] } = await callAws('the outputs bucket', () => this.#client.send(command));
    const [first] = Errors;
    if (first === undefined) return;
    throw new DependencyUnavailableError(
      `${Errors.length} objects were not deleted, the first: ${first.Code ?? 'no code'}`,
    );
  }
}
