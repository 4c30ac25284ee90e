import { expect, test } from 'vitest';
import { checkOptions } from './client-options.ts';

const good = { apiKey: 'ai_key_secret', baseUrl: 'https://api.example' };

test('has defaults for all but key and address', () => {
  expect(checkOptions({ ...good, baseUrl: 'https://api.example/prod//' })).toMatchObject({
    baseUrl: 'https://api.example/prod',
    origin: 'https://api.example',
    maxRetries: 5,
    timeoutMs: 30_000,
    downloadTimeoutMs: 300_000,
  });
});

test.each([
  [{ baseUrl: 'api.example' }, 'baseUrl'],
  [{ baseUrl: 'file:///etc' }, 'baseUrl'],
  [{ baseUrl: 'https://api.example?x=1' }, 'baseUrl'],
  [{ baseUrl: 'https://user:pass@api.example' }, 'credentials'],
  [{ apiKey: '' }, 'apiKey'],
  [{ maxRetries: -1 }, 'maxRetries'],
  [{ maxRetries: 1.5 }, 'maxRetries'],
  [{ timeoutMs: 0 }, 'timeoutMs'],
  [{ timeoutMs: Number.POSITIVE_INFINITY }, 'timeoutMs'],
  [{ timeout: 5 }, 'timeout is not an option'],
])('%j is refused', (wrong, message) => {
  expect(() => checkOptions({ ...good, ...wrong })).toThrow(message);
});

test('a key that cannot be a header is refused and not shown', () => {
  expect(() => checkOptions({ ...good, apiKey: 'ai_secret\n' })).toThrow(/^apiKey must be visible ASCII$/);
});

test('a place in a trace that would be the same for every request is refused', () => {
  // @ts-expect-error as of a caller in JavaScript
  expect(() => checkOptions({ ...good, traceparent: '00-5759' })).toThrow('traceparent must be a function');
});
