import { describeOutputStoreContract, describeUploadStoreContract } from '@afterimage/testing/contracts';
import { contractEndpoints, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { afterAll, expect, test } from 'vitest';
import { createS3Client, S3OutputStore, S3UploadStore } from '../src/index.ts';

const aws = await startEmbeddedAws(contractEndpoints(process.env));
const s3 = createS3Client(aws.options.s3);
const bucket = await aws.createBucket(uniqueName('outputs'));

afterAll(async () => {
  s3.destroy();
  await aws.stop();
});

describeOutputStoreContract('S3OutputStore', () => ({
  store: new S3OutputStore(s3, bucket),
  async download(url) {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error(`the signed URL answers ${response.status}`);
    return { body: await response.bytes(), contentType: response.headers.get('content-type') };
  },
}));

describeUploadStoreContract('S3UploadStore', () => ({
  store: new S3UploadStore(s3, bucket),
  async upload(url, headers, body) {
    const response = await fetch(url, { method: 'PUT', headers, body, signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error(`the signed URL answers ${response.status}`);
  },
}));

test('a signed PUT is good for one type, length and checksum alone', async () => {
  const file = { contentType: 'image/png', bytes: 12, sha256: 'ab'.repeat(32), expiresInSeconds: 300 };

  const { url } = await new S3UploadStore(s3, bucket).signPut('tenant-1', 'upl_1', file);

  const query = new URL(url).searchParams;
  expect(query.get('X-Amz-SignedHeaders')?.split(';')).toEqual([
    'content-length',
    'content-type',
    'host',
    'x-amz-checksum-sha256',
  ]);
  expect(query.get('X-Amz-Expires')).toBe('300');
  expect([...query.keys()].filter((name) => name.includes('crc32'))).toEqual([]);
});
