import type { Clock } from '../clock.ts';
import { ApiProblemError, CliError, UnreachableError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { parseRetryAfter } from './retry-after.ts';
import { TransientError } from './retry.ts';

export type Fetch = typeof globalThis.fetch;

const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** fetch rejects with the signal's reason when the user interrupts; everything else is the network's fault. */
export async function overNetwork<T>(url: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    signal.throwIfAborted();
    throw new TransientError(new UnreachableError(url, error));
  }
}

/**
 * Redirects are not followed with a key in hand: the address is wrong, and the key stays here.
 * @throws TransientError for a status that may pass, ApiProblemError for every other error status
 */
export function throwIfError(
  response: { readonly status: number; readonly headers: Headers },
  body: string,
  clock: Clock,
): void {
  if (response.status < 300 || response.status === 304) return;
  if (response.status < 400) {
    throw new CliError(
      EXIT.usage,
      `the API address redirects to ${response.headers.get('location') ?? 'nowhere'}: use that one`,
    );
  }
  const failure = new ApiProblemError(response.status, body);
  if (!TRANSIENT_STATUSES.has(response.status)) throw failure;
  throw new TransientError(failure, parseRetryAfter(response.headers.get('retry-after'), clock.nowMs()));
}
