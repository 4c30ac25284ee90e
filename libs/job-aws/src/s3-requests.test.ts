import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DependencyUnavailableError } from '@afterimage/job-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createS3Client } from './aws-clients.ts';
import { S3OutputStore } from './s3-output-store.ts';
import { S3Requests } from './s3-requests.ts';
import { S3OutputSigner, S3UploadIntake } from './s3-signed-stores.ts';
import { S3UploadStore } from './s3-upload-store.ts';

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
/** Of a session. */
const END = new Date('2126-01-01T00:20:00.000Z');
const CHANCE = { env: {}, random: () => 0 };
const KEY = "jobs/job_1/1/0 (a+b)'s é.png";

afterEach(() => void vi.unstubAllEnvs());

/** A server that answers with the statuses in turn, and again with the last one. */
async function answering(...statuses: number[]) {
  let requests = 0;
  const server = createServer((_request, response) => {
    response.statusCode = statuses[Math.min(requests++, statuses.length - 1)] ?? 500;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const s3 = new S3Requests({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    ...CHANCE,
  });
  const close = () => new Promise((resolve) => server.close(resolve));
  return { s3, requests: () => requests, [Symbol.asyncDispose]: async () => void (await close()) };
}

describe('a presigned URL', () => {
  it.each([
    ['outputs', 'us-east-1'],
    ['outputs', 'eu-central-1'],
    ['outputs', 'cn-north-1'],
    ['out.puts', 'us-east-1'],
  ])('of the bucket %s in %s is at the same address as the SDK’s', async (bucket, region) => {
    const options = { region, credentials: CREDENTIALS };

    const signed = await new S3Requests({ ...options, ...CHANCE }).presign({ method: 'GET', bucket, key: KEY }, 60);
    const url = new URL(signed.url);

    const expected = await new S3OutputStore(createS3Client(options), bucket).signUrl(KEY, { expiresInSeconds: 60 });
    const { origin, pathname } = new URL(expected.url);
    expect({ origin: url.origin, pathname: url.pathname }).toEqual({ origin, pathname });
    expect(url.searchParams.get('X-Amz-Content-Sha256')).toBe('UNSIGNED-PAYLOAD');
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('host');
  });

  it('carries the token of a role, which is in the environment', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', undefined);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'the+token');
    vi.stubEnv('AWS_CREDENTIAL_EXPIRATION', END.toISOString());
    const s3 = new S3Requests({ ...CHANCE, env: process.env });

    const signed = await s3.presign({ method: 'GET', bucket: 'outputs', key: KEY }, 60);
    const url = new URL(signed.url);

    expect(signed.credentialsEndAt).toEqual(END);
    expect(url.searchParams.get('X-Amz-Security-Token')).toBe('the+token');
    expect(url.searchParams.get('X-Amz-Credential')).toContain('ASIAEXAMPLE/');
  });

  it.each([
    ['temporary ones', { ...CREDENTIALS, expiration: END }, END],
    ['lasting ones', CREDENTIALS, null],
  ])('comes with the end of the credentials that sign it: %s', async (_what, credentials, end) => {
    const options = { region: 'us-east-1', credentials };
    const [client, requests] = [createS3Client(options), new S3Requests({ ...options, ...CHANCE })];
    const upload = { contentType: 'image/png', bytes: 12, sha256: 'ab'.repeat(32), expiresInSeconds: 60 };

    const signed = await Promise.all([
      new S3OutputStore(client, 'outputs').signUrl(KEY, { expiresInSeconds: 60 }),
      new S3OutputSigner(requests, 'outputs').signUrl(KEY, { expiresInSeconds: 60 }),
      new S3UploadStore(client, 'inputs').signPut('tenant-1', 'upl_1', upload),
      new S3UploadIntake(requests, 'inputs').signPut('tenant-1', 'upl_1', upload),
    ]);

    expect(signed.map(({ credentialsEndAt }) => credentialsEndAt)).toEqual(Array(4).fill(end));
  });

  it('needs a region', () => {
    expect(() => new S3Requests(CHANCE)).toThrow('AWS_REGION is not set');
  });
});

describe('a request', () => {
  const request = { method: 'HEAD', bucket: 'inputs', key: 'key' } as const;

  it('is repeated while S3 fails', async () => {
    await using server = await answering(503, 500, 200);

    expect(await server.s3.send(request)).toBeDefined();
    expect(server.requests()).toBe(3);
  });

  it('says that S3 is not available after three attempts', async () => {
    await using server = await answering(503);

    await expect(server.s3.send(request)).rejects.toThrow(DependencyUnavailableError);
    expect(server.requests()).toBe(3);
  });

  it('is not repeated when S3 refuses it', async () => {
    await using server = await answering(403);

    await expect(server.s3.send(request)).rejects.toThrow('S3 answers 403 to HEAD of an object in the bucket inputs');
    expect(server.requests()).toBe(1);
  });
});
