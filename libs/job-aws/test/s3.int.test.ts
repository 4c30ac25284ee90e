import type { UploadStore } from '@afterimage/job-core';
import { describeOutputStoreContract, describeUploadStoreContract } from '@afterimage/testing/contracts';
import { contractEndpoints, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { afterAll, expect, test } from 'vitest';
import {
  createS3Client,
  S3OutputSigner,
  S3OutputStore,
  S3Requests,
  S3UploadIntake,
  S3UploadStore,
} from '../src/index.ts';

const aws = await startEmbeddedAws(contractEndpoints(process.env));
const s3 = createS3Client(aws.options.s3);
const requests = new S3Requests({ ...aws.options.s3, env: {}, random: () => 0 });
const bucket = await aws.createBucket(uniqueName('outputs'));

afterAll(async () => {
  s3.destroy();
  await aws.stop();
});

async function download(url: string) {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`the signed URL answers ${response.status}`);
  return { body: await response.bytes(), contentType: response.headers.get('content-type') };
}

async function upload(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array<ArrayBuffer>) {
  const response = await fetch(url, { method: 'PUT', headers, body, signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`the signed URL answers ${response.status}`);
}

describeOutputStoreContract('S3OutputStore', () => ({
  store: new S3OutputStore(s3, bucket),
  download,
}));

describeUploadStoreContract('S3UploadStore', () => ({
  store: new S3UploadStore(s3, bucket),
  upload,
}));

describeOutputStoreContract('S3OutputStore with URLs of S3OutputSigner', () => {
  const store = new S3OutputStore(s3, bucket);
  const signer = new S3OutputSigner(requests, bucket);
  store.signUrl = (key, options) => signer.signUrl(key, options);
  return { store, download };
});

describeUploadStoreContract('S3UploadIntake', () => {
  const reading = new S3UploadStore(s3, bucket);
  const intake = new S3UploadIntake(requests, bucket);
  const store: UploadStore = {
    get: (tenantId, uploadId, options) => reading.get(tenantId, uploadId, options),
    storedAt: (tenantId, uploadId) => intake.storedAt(tenantId, uploadId),
    store: (tenantId, uploadId, file) => intake.store(tenantId, uploadId, file),
    signPut: (tenantId, uploadId, file) => intake.signPut(tenantId, uploadId, file),
  };
  return { store, upload };
});

test.each([
  ['S3UploadStore', new S3UploadStore(s3, bucket)],
  ['S3UploadIntake', new S3UploadIntake(requests, bucket)],
])('a signed PUT of %s is good for one type, length and checksum alone', async (_name, store) => {
  const file = { contentType: 'image/png', bytes: 12, sha256: 'ab'.repeat(32), expiresInSeconds: 300 };

  const { url } = await store.signPut('tenant-1', 'upl_1', file);

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
