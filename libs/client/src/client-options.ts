import { platformRuntime, type Runtime } from './runtime.ts';

export type Fetch = typeof globalThis.fetch;

/** A request that is about to be sent again. */
export interface RetryNotice {
  readonly error: Error;
  /** From 1. */
  readonly retry: number;
  readonly delayMs: number;
}

export interface ClientOptions {
  /** `ai_<key id>_<secret>`. It is sent to the origin of `baseUrl` alone. */
  readonly apiKey: string;
  /** Address of the API without `/v1`, such as `https://api.example.com`. */
  readonly baseUrl: string;
  readonly fetch?: Fetch | undefined;
  /** How often a request that failed in passing is sent again: a call sends at most one more than this (5). */
  readonly maxRetries?: number | undefined;
  /** For one request and its reply; a long poll has its wait on top of it (30,000). */
  readonly timeoutMs?: number | undefined;
  /** For the download of one file (300,000). */
  readonly downloadTimeoutMs?: number | undefined;
  readonly onRetry?: ((notice: RetryNotice) => void) | undefined;
  /**
   * Where in its trace the caller is, as a W3C `traceparent`: asked before each call of the API but streams of events, so that jobs belong to the trace that
   * made them. What is none is not sent.
   */
  readonly traceparent?: (() => string | undefined) | undefined;
  /** Time and chance, for tests. */
  readonly runtime?: Partial<Runtime> | undefined;
}

/** Options as they were checked, with their defaults. */
export interface Settings {
  readonly apiKey: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly origin: string;
  readonly fetch: Fetch;
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly downloadTimeoutMs: number;
  readonly onRetry: (notice: RetryNotice) => void;
  readonly traceparent: () => string | undefined;
  readonly runtime: Runtime;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof ClientOptions>([
  'apiKey',
  'baseUrl',
  'fetch',
  'maxRetries',
  'timeoutMs',
  'downloadTimeoutMs',
  'onRetry',
  'traceparent',
  'runtime',
]);

/** @throws TypeError that names the option, and never shows the key */
export function checkOptions(options: ClientOptions): Settings {
  const unknown = Object.keys(options).find((name) => !OPTIONS.has(name));
  if (unknown !== undefined) throw new TypeError(`${unknown} is not an option of the client`);
  const { apiKey, fetch = globalThis.fetch, onRetry = () => {}, runtime = {} } = options;
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey)) throw new TypeError('apiKey must be visible ASCII');
  const { traceparent = () => undefined } = options;
  if (typeof traceparent !== 'function') throw new TypeError('traceparent must be a function');
  const baseUrl = checkBaseUrl(options.baseUrl);
  return {
    apiKey,
    baseUrl,
    origin: new URL(baseUrl).origin,
    fetch,
    maxRetries: checkInteger('maxRetries', options.maxRetries ?? 5, 0),
    timeoutMs: checkInteger('timeoutMs', options.timeoutMs ?? 30_000, 1),
    downloadTimeoutMs: checkInteger('downloadTimeoutMs', options.downloadTimeoutMs ?? 300_000, 1),
    onRetry,
    traceparent,
    runtime: { ...platformRuntime, ...runtime },
  };
}

function checkBaseUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new TypeError('baseUrl must be an http or https URL without a query');
  }
  if (url.username !== '' || url.password !== '') throw new TypeError('baseUrl must not contain credentials');
  return value.replace(/\/+$/, '');
}

/** Timers cannot be longer. */
const MAX_INTEGER = 2 ** 31 - 1;

export function checkInteger(name: string, value: number, min: number): number {
  if (Number.isInteger(value) && value >= min && value <= MAX_INTEGER) return value;
  throw new TypeError(`${name} must be a whole number from ${min} to ${MAX_INTEGER}, got ${value}`);
}
