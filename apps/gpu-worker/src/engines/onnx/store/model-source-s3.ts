import { Readable } from 'node:stream';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { ModelSource } from './model-source.ts';

export interface S3Location {
  readonly bucket: string;
  /** Empty, or ends in a slash. */
  readonly prefix: string;
}

const S3_URL = /^s3:\/\/([a-z0-9.-]{3,63})(?:\/(.*))?$/;

/** The place that an `s3://bucket/folder` names; undefined for anything else. */
export function parseS3Url(url: string): S3Location | undefined {
  const [, bucket, path = ''] = S3_URL.exec(url) ?? [];
  if (bucket === undefined) return undefined;
  const folder = path.replace(/\/+$/, '');
  return { bucket, prefix: folder === '' ? '' : `${folder}/` };
}

/** Models as folders of a bucket. */
export class S3ModelSource implements ModelSource {
  readonly name: string;
  readonly #client: S3Client;
  readonly #location: S3Location;

  constructor(client: S3Client, location: S3Location) {
    this.#client = client;
    this.#location = location;
    this.name = `s3://${location.bucket}/${location.prefix}`.replace(/\/$/, '');
  }

  async ids(signal: AbortSignal): Promise<readonly string[]> {
    const { bucket, prefix } = this.#location;
    const ids: string[] = [];
    const input = { Bucket: bucket, Prefix: prefix, Delimiter: '/' };
    for await (const page of paginateListObjectsV2({ client: this.#client }, input, { abortSignal: signal })) {
      for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix) ids.push(Prefix.slice(prefix.length, -1));
    }
    return ids.sort();
  }

  async sizes(id: string, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const { bucket, prefix } = this.#location;
    const folder = `${prefix}${id}/`;
    const sizes = new Map<string, number>();
    const input = { Bucket: bucket, Prefix: folder };
    for await (const page of paginateListObjectsV2({ client: this.#client }, input, { abortSignal: signal })) {
      for (const { Key, Size } of page.Contents ?? []) if (Key) sizes.set(Key.slice(folder.length), Size ?? 0);
    }
    return sizes;
  }

  async read(id: string, path: string, signal: AbortSignal): Promise<Readable> {
    const { bucket, prefix } = this.#location;
    const command = new GetObjectCommand({ Bucket: bucket, Key: `${prefix}${id}/${path}` });
    const { Body } = await this.#client.send(command, { abortSignal: signal });
    if (!(Body instanceof Readable)) throw new Error(`${this.name}/${id}/${path} has no body`);
    return Body;
  }
}
