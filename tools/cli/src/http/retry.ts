import type { Clock } from '../clock.ts';

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** A server that asks for a longer pause is not waited for. */
  readonly maxRetryAfterMs: number;
}

export const RETRY_POLICY: RetryPolicy = {
  attempts: 6,
  baseDelayMs: 500,
  maxDelayMs: 20_000,
  maxRetryAfterMs: 300_000,
};

/** Wraps a failure that may pass; `failure` is what the caller sees when it does not. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  readonly failure: Error;
  readonly retryAfterMs: number | undefined;

  constructor(failure: Error, retryAfterMs?: number) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Pause after attempt `attempt` (from 1): full jitter, `random · min(max, base · 2^(attempt-1))`, as in "Exponential
 * Backoff And Jitter" (AWS Architecture Blog, 2015), and never shorter than what the server asks for.
 */
export function retryDelayMs(attempt: number, retryAfterMs: number, random: number, policy: RetryPolicy): number {
  const jittered = random * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  return Math.max(retryAfterMs, jittered);
}

export type Retry = <T>(operation: () => Promise<T>, signal: AbortSignal) => Promise<T>;

export interface RetryOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly onRetry: (failure: Error, delayMs: number) => void;
  readonly policy?: RetryPolicy;
}

/** Repeats an operation while it throws {@link TransientError}; the signal ends the pauses, not the operation. */
export function makeRetry({ clock, random, onRetry, policy = RETRY_POLICY }: RetryOptions): Retry {
  return async function retry(operation, signal) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await operation();
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        const retryAfterMs = error.retryAfterMs ?? 0;
        if (attempt === policy.attempts || retryAfterMs > policy.maxRetryAfterMs) throw error.failure;
        const delayMs = retryDelayMs(attempt, retryAfterMs, random(), policy);
        onRetry(error.failure, delayMs);
        await clock.sleep(delayMs, signal);
      }
    }
  };
}
