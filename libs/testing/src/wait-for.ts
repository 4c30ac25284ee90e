import { setTimeout as pause } from 'node:timers/promises';

export interface WaitForOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  /** Named in the error when the time is over. */
  readonly what?: string;
}

/**
 * Waits until a condition yields something other than false, null or undefined, and yields that.
 * @throws Error when that takes longer than `timeoutMs` (10 s); its cause is the last error of the condition
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 20, what = 'the condition' }: WaitForOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== false && value !== null && value !== undefined)
        return value as Exclude<T, false | null | undefined>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) throw new Error(`${what} did not hold within ${timeoutMs} ms`, { cause });
    await pause(intervalMs);
  }
}
