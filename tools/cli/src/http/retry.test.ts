import { expect, test } from 'vitest';
import { makeRetry, RETRY_POLICY, retryDelayMs, TransientError } from './retry.ts';

const failure = new Error('not now');
const forever = new AbortController().signal;

function aRetry() {
  const pauses: number[] = [];
  const clock = {
    nowMs: () => 0,
    async sleep(delayMs: number, signal: AbortSignal) {
      signal.throwIfAborted();
      pauses.push(delayMs);
    },
  };
  return { retry: makeRetry({ clock, random: () => 1, onRetry: () => {} }), pauses };
}

test('pauses double up to the limit, with jitter over the whole of it', () => {
  const delays = [1, 2, 3, 10].map((attempt) => retryDelayMs(attempt, 0, 1, RETRY_POLICY));
  expect(delays).toEqual([500, 1000, 2000, 20_000]);
  expect(retryDelayMs(10, 0, 0, RETRY_POLICY)).toBe(0);
  expect(retryDelayMs(1, 9000, 1, RETRY_POLICY)).toBe(9000);
});

test('the last failure is the one that the caller sees', async () => {
  const { retry, pauses } = aRetry();
  await expect(retry(() => Promise.reject(new TransientError(failure)), forever)).rejects.toBe(failure);
  expect(pauses).toHaveLength(RETRY_POLICY.attempts - 1);
});

test('what will not pass is not repeated', async () => {
  const { retry, pauses } = aRetry();
  await expect(retry(() => Promise.reject(failure), forever)).rejects.toBe(failure);
  expect(pauses).toEqual([]);
});

test('a pause that is too long to wait for ends it', async () => {
  const { retry, pauses } = aRetry();
  const tooLong = new TransientError(failure, RETRY_POLICY.maxRetryAfterMs + 1);
  await expect(retry(() => Promise.reject(tooLong), forever)).rejects.toBe(failure);
  expect(pauses).toEqual([]);
});

test('the signal ends the pauses, not a success', async () => {
  const { retry } = aRetry();
  await expect(retry(() => Promise.resolve(1), AbortSignal.abort())).resolves.toBe(1);
  await expect(retry(() => Promise.reject(new TransientError(failure)), AbortSignal.abort())).rejects.toThrow(
    'aborted',
  );
});
