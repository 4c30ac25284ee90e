import { describe, expect, it, vi } from 'vitest';
import { aRoutedRequest, CREATE_ROUTE, LIST_ROUTE } from '../../test/requests.ts';
import { FunctionError } from '../lambda/function-error.ts';
import { makeAuthorizer, type AuthorizerOptions } from './authorizer.ts';

type Invoke = AuthorizerOptions['invoke'];

const STAGE_ARN = 'arn:aws:execute-api:us-east-1:000000000000:local/local';

function answerFor(resource: string, context: Record<string, unknown> = {}) {
  return {
    principalId: 'key-1',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: resource }],
    },
    context,
  };
}

function withKey(route: typeof LIST_ROUTE, key: string) {
  return aRoutedRequest(route, { headers: { Authorization: [`Bearer ${key}`] } });
}

describe('makeAuthorizer', () => {
  it('passes the context on as strings, with the principal', async () => {
    const invoke = vi.fn<Invoke>(async () => answerFor('*', { tenantId: 'local', limit: 3, isAdmin: false }));
    const authorize = makeAuthorizer({ invoke, cacheMs: 0, now: () => 0 });

    expect(await authorize(withKey(LIST_ROUTE, 'a'))).toEqual({
      kind: 'allowed',
      context: { tenantId: 'local', limit: '3', isAdmin: 'false', principalId: 'key-1' },
    });
    expect(invoke).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ type: 'REQUEST', methodArn: `${STAGE_ARN}/GET/v1/jobs` }),
    );
  });

  it('keeps an answer for its time, for each key, whichever header brings it', async () => {
    let now = 0;
    const invoke = vi.fn<Invoke>(async () => answerFor('*'));
    const authorize = makeAuthorizer({ invoke, cacheMs: 1000, now: () => now });
    const byApiKeyHeader = aRoutedRequest(LIST_ROUTE, { headers: { 'X-API-Key': ['a'] } });

    for (const request of [
      withKey(LIST_ROUTE, 'a'),
      withKey(LIST_ROUTE, 'a'),
      withKey(LIST_ROUTE, 'b'),
      byApiKeyHeader,
    ]) {
      await authorize(request);
    }
    expect(invoke).toHaveBeenCalledTimes(3);
    now = 1000;
    await authorize(withKey(LIST_ROUTE, 'a'));

    expect(invoke).toHaveBeenCalledTimes(4);
  });

  it('reads a kept policy anew for each method', async () => {
    const invoke = vi.fn<Invoke>(async () => answerFor(`${STAGE_ARN}/GET/*`));
    const authorize = makeAuthorizer({ invoke, cacheMs: 1000, now: () => 0 });

    expect(await authorize(withKey(LIST_ROUTE, 'a'))).toMatchObject({ kind: 'allowed' });
    expect(await authorize(withKey(CREATE_ROUTE, 'a'))).toEqual({ kind: 'denied' });
    expect(invoke).toHaveBeenCalledTimes(1);
  });

  it('takes "Unauthorized" for a refusal, and asks again the next time', async () => {
    const invoke = vi.fn<Invoke>(() => Promise.reject(new FunctionError('unhandled', 'Unauthorized')));
    const authorize = makeAuthorizer({ invoke, cacheMs: 1000, now: () => 0 });

    expect(await authorize(withKey(LIST_ROUTE, 'a'))).toEqual({ kind: 'unauthorized' });
    expect(await authorize(withKey(LIST_ROUTE, 'a'))).toEqual({ kind: 'unauthorized' });
    expect(invoke).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['another error', () => Promise.reject(new FunctionError('unhandled', 'table missing'))],
    ['a crash with the same words', () => Promise.reject(new FunctionError('crashed', 'Unauthorized'))],
    ['an answer without a policy', () => Promise.resolve({ principalId: 'key-1' })],
  ])('fails on %s', async (_what, invoke) => {
    const authorize = makeAuthorizer({ invoke, cacheMs: 1000, now: () => 0 });

    await expect(authorize(withKey(LIST_ROUTE, 'a'))).rejects.toThrow();
  });
});
