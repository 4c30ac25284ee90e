import { waitFor } from '@afterimage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../src/stack.ts';

let test: TestStack;

beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stop());

/** When a signed URL ends, in epoch milliseconds. */
function endOf(url: string): number {
  const { searchParams } = new URL(url);
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(searchParams.get('X-Amz-Date') ?? '') ?? [];
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return signedAt + Number(searchParams.get('X-Amz-Expires')) * 1000;
}

// The embedded S3 does not look at the time of a URL, so what is held to it is what S3 reads: the end that is signed.
it('a signed URL ends when the job says, and contentUrl leads to one that ends later and works', async () => {
  const { client } = test;
  const { outputs } = await client.terminal((await client.submit()).id);
  const { url = '', urlExpiresAt = '', contentUrl = '' } = outputs[0] ?? {};
  const end = endOf(url ?? '');
  expect(Math.abs(end - Date.parse(urlExpiresAt ?? ''))).toBeLessThan(2000);
  expect(end - Date.now()).toBeLessThanOrEqual(3600_000);

  const fresh = await waitFor(
    async () => {
      const answer = await client.call(new URL(contentUrl).pathname);
      const location = answer.headers.get('location') ?? '';
      return answer.status === 302 && endOf(location) > end ? location : undefined;
    },
    { what: 'a URL that ends later' },
  );

  expect((await fetch(fresh, { signal: AbortSignal.timeout(10_000) })).status).toBe(200);
});
