import { retryDelayMs } from './backoff.ts';
import type { Settings } from './client-options.ts';
import { ApiError, ConnectionError, RateLimitError, RedirectError, TimeoutError } from './errors.ts';
import { parseRetryAfter } from './retry-after.ts';

export interface ApiRequest {
  /** Below the base URL, with its query. */
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long the server may hold the request back, on top of the time for one request. */
  readonly waitSeconds?: number;
  /** Whether a request whose reply was lost may be sent again (true); one that was refused for now always may. */
  readonly isRepeatable?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** One try; its signal is aborted by the caller or when the time for the try is over. */
export type Try<T> = (signal: AbortSignal) => Promise<T>;

export interface Transport {
  /** Sends with the key and reads the whole reply. */
  send(request: ApiRequest): Promise<Reply>;
  /** Makes tries until one succeeds or fails for good. */
  attempt<T>(
    tryOnce: Try<T>,
    options: {
      readonly timeoutMs: number;
      readonly isRepeatable?: boolean | undefined;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<T>;
}

const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const REFUSED_FOR_NOW: ReadonlySet<number> = new Set([429, 503]);

/** A problem document knows better than its status whether another try makes sense. */
function isTransient(error: unknown): boolean {
  if (error instanceof ApiError) return error.problem?.retryable ?? TRANSIENT_STATUSES.has(error.status);
  return error instanceof ConnectionError || error instanceof TimeoutError;
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The error of a reply that is none of success; a redirect is one, as the key must not follow it. */
export function errorOf(status: number, headers: Headers, body: string, nowMs: number): Error {
  // A browser hides a redirect that it was told not to follow behind status 0.
  if (status < 400) return new RedirectError(headers.get('location'));
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), nowMs);
  return status === 429 ? new RateLimitError(status, body, retryAfterMs) : new ApiError(status, body, retryAfterMs);
}

/** Every request of the client goes through here: key, timeouts, retries. */
export function makeTransport(settings: Settings): Transport {
  const { apiKey, baseUrl, origin, fetch, maxRetries, timeoutMs, onRetry, traceparent, runtime } = settings;

  async function tryWithin<T>(tryOnce: Try<T>, limitMs: number, signal: AbortSignal): Promise<T> {
    const timeout = runtime.timeout(limitMs);
    try {
      return await tryOnce(AbortSignal.any([signal, timeout]));
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.aborted) throw new TimeoutError(`no full reply from ${origin} in ${limitMs} ms`, { cause: error });
      throw error;
    }
  }

  const attempt: Transport['attempt'] = async (
    tryOnce,
    { timeoutMs: limitMs, isRepeatable = true, signal = new AbortController().signal },
  ) => {
    for (let retry = 1; ; retry++) {
      signal.throwIfAborted();
      try {
        return await tryWithin(tryOnce, limitMs, signal);
      } catch (error) {
        if (!(error instanceof Error) || !isTransient(error) || retry > maxRetries) throw error;
        const isRefused = error instanceof ApiError && REFUSED_FOR_NOW.has(error.status);
        if (!isRepeatable && !isRefused) throw error;
        const retryAfterMs = error instanceof ApiError ? error.retryAfterMs : undefined;
        const delayMs = retryDelayMs(retry, retryAfterMs, runtime.random());
        if (delayMs === undefined) throw error;
        onRetry({ error, retry, delayMs });
        await runtime.sleep(delayMs, signal);
      }
    }
  };

  function traceHeader(): Record<string, string> {
    const place = traceparent();
    return place !== undefined && TRACEPARENT.test(place) ? { traceparent: place } : {};
  }

  async function sendOnce(request: ApiRequest, signal: AbortSignal): Promise<Reply> {
    const { path, method = 'GET', headers = {}, body } = request;
    const response = await overNetwork(origin, async () => {
      const answer = await fetch(`${baseUrl}${path}`, {
        method,
        headers: { accept: 'application/json', authorization: `Bearer ${apiKey}`, ...headers },
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal,
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    });
    const { status } = response;
    if ((status >= 200 && status < 300) || status === 304) return response;
    throw errorOf(status, response.headers, response.text, runtime.nowMs());
  }

  return {
    attempt,
    async send(request) {
      const limitMs = timeoutMs + (request.waitSeconds ?? 0) * 1000;
      const { isRepeatable, signal } = request;
      const traced = { ...request, headers: { ...traceHeader(), ...request.headers } };
      return attempt((end) => sendOnce(traced, end), { timeoutMs: limitMs, isRepeatable, signal });
    },
  };
}

/** fetch and its bodies reject for the network's reasons, and for those of a signal, which the caller tells apart. */
export async function overNetwork<T>(origin: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new ConnectionError(origin, error);
  }
}
