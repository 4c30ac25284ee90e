/** How long to pause between two tries of a request. */
export interface Backoff {
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** A server that asks for a longer pause is not waited for. */
  readonly maxRetryAfterMs: number;
}

export const BACKOFF: Backoff = { baseDelayMs: 500, maxDelayMs: 20_000, maxRetryAfterMs: 300_000 };

/**
 * Pause before retry `retry` (from 1): full jitter, `random · min(max, base · 2^(retry-1))`, as in "Exponential Backoff
 * And Jitter" (AWS Architecture Blog, 2015), and never shorter than what the server asks for.
 * @param random from 0 up to, not including, 1
 * @returns milliseconds, or undefined when the server asks for more than it is waited for
 */
export function retryDelayMs(
  retry: number,
  retryAfterMs: number | undefined,
  random: number,
  backoff: Backoff = BACKOFF,
): number | undefined {
  if (retryAfterMs !== undefined && retryAfterMs > backoff.maxRetryAfterMs) return undefined;
  const jittered = random * Math.min(backoff.maxDelayMs, backoff.baseDelayMs * 2 ** (retry - 1));
  return Math.max(retryAfterMs ?? 0, jittered);
}
