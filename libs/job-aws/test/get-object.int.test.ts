import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DependencyUnavailableError } from '@afterimage/job-core';
import { anId, deferred } from '@afterimage/testing';
import { contractEndpoints, CREDENTIALS, REGION, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createS3Client, S3OutputStore, S3UploadStore, uploadKey } from '../src/index.ts';

const aws = await startEmbeddedAws(contractEndpoints(process.env));
const s3 = createS3Client(aws.options.s3);
const bucket = await aws.createBucket(uniqueName('inputs'));
const uploads = new S3UploadStore(s3, bucket);
const { signal } = new AbortController();
const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});
afterAll(async () => {
  s3.destroy();
  await aws.stop();
});

/** An S3 whose answer to everything is in the hands of the test. */
async function serve(answer: (response: ServerResponse) => void): Promise<S3OutputStore> {
  const server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const client = createS3Client({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
  stops.push(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  return new S3OutputStore(client, 'outputs');
}

describe('an object', () => {
  it('is read whole, up to the last byte that is allowed', async () => {
    const uploadId = anId('upl');
    const body = Buffer.alloc(100_000, 'abc');
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: uploadKey('tenant-1', uploadId), Body: body }));

    const read = await uploads.get('tenant-1', uploadId, { maxBytes: 100_000, signal });

    expect(Buffer.from(read ?? []).equals(body)).toBe(true);
    await expect(uploads.get('tenant-1', uploadId, { maxBytes: 99_999, signal })).rejects.toThrow(RangeError);
    expect(await uploads.get('tenant-2', uploadId, { maxBytes: 100_000, signal })).toBeUndefined();
  });

  it('of unknown length is cut as soon as it is too large', async () => {
    const cut = deferred();
    const store = await serve((response) => {
      response.on('close', () => cut.resolve());
      const pour = (): void => {
        while (response.write('x'.repeat(16_384)));
      };
      response.on('drain', pour);
      pour();
    });

    await expect(store.get('key', { maxBytes: 50_000, signal })).rejects.toThrow(RangeError);
    await cut.promise;
  });

  it('whose body stops is given up when the attempt ends, with its reason', async () => {
    const control = new AbortController();
    const reason = new Error('canceled');
    const store = await serve((response) => {
      response.writeHead(200, { 'content-length': 10 }).write('x', () => control.abort(reason));
    });

    await expect(store.get('key', { maxBytes: 50_000, signal: control.signal })).rejects.toBe(reason);
  });

  it('whose body breaks off is told to be unavailable', async () => {
    const store = await serve((response) => {
      response.writeHead(200, { 'content-length': 10 }).write('x', () => response.destroy());
    });

    await expect(store.get('key', { maxBytes: 50_000, signal })).rejects.toThrow(DependencyUnavailableError);
  });
});
