import { afterAll, beforeAll, expect, it } from 'vitest';
import { endOf, type ExpiringS3, startExpiringS3 } from '../src/expiring-s3.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

/** Of the URLs in jobs, and of those that `contentUrl` leads to: the second ones outlive the first, whose end can so be lived through. */
const SECONDS = { inJob: 300, fresh: 3600 };

let test: TestStack;
let s3: ExpiringS3;

beforeAll(async () => {
  const started = Promise.withResolvers<ExpiringS3>();
  test = await startTestStack({
    interpose: async (endpoints) => {
      started.resolve(await startExpiringS3(endpoints.s3));
      const { url } = await started.promise;
      const variables = (seconds: number) => ({ AWS_ENDPOINT_URL_S3: url, URL_EXPIRES_SECONDS: String(seconds) });
      return { 'wait-api': variables(SECONDS.inJob), 'status-api': variables(SECONDS.fresh) };
    },
  });
  s3 = await started.promise;
});
afterAll(async () => {
  await s3?.stop();
  await test?.stop();
});

const statusOf = async (url: string) => (await fetch(url, { signal: AbortSignal.timeout(30_000) })).status;

it('a signed URL ends when the job says, and contentUrl leads to one that works', async () => {
  const { client } = test;
  const { outputs } = await client.terminal((await client.submit()).id);
  const { url = '', urlExpiresAt = '', contentUrl = '' } = outputs[0] ?? {};
  const link = new URL(url ?? '');
  expect(Math.abs(endOf(link) - Date.parse(urlExpiresAt ?? ''))).toBeLessThan(2000);
  expect(endOf(link) - Date.now()).toBeLessThanOrEqual(SECONDS.inJob * 1000);
  expect(await statusOf(link.href)).toBe(200);

  s3.passTime(SECONDS.inJob * 1000);

  expect(await statusOf(link.href)).toBe(403);
  const fresh = await client.call(new URL(contentUrl).pathname);
  expect(fresh.status).toBe(302);
  expect(await statusOf(fresh.headers.get('location') ?? '')).toBe(200);
});

it('contentUrl leads to another URL as time goes on', async () => {
  const { client } = test;
  const { outputs } = await client.terminal((await client.submit()).id);
  const follow = async () => {
    const { headers } = await client.call(new URL(outputs[0]?.contentUrl ?? '').pathname);
    return endOf(new URL(headers.get('location') ?? ''));
  };
  const first = await follow();

  await expect.poll(follow, { timeout: 30_000 }).toBeGreaterThan(first);
});
