import { describeOutputStoreContract } from '@afterimage/testing/contracts';
import { contractEndpoints, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { afterAll } from 'vitest';
import { createS3Client, S3OutputStore } from '../src/index.ts';

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
