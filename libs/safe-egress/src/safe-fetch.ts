import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { EgressError } from './egress-error.ts';
import {
  ForbiddenTargetError,
  parseTarget,
  pinnedLookup,
  type Resolve,
  resolveHost,
  resolveTarget,
  type TargetRules,
} from './target.ts';

export interface SafeFetchOptions {
  /** Ends the exchange; `safeFetch` then rejects with its reason. */
  readonly signal: AbortSignal;
  /** Of the answer's body. */
  readonly maxBytes: number;
  /** For the whole exchange: look up, connect, every redirect, the last byte. */
  readonly timeoutMs: number;
  /** Allows loopback addresses, and http to them: for tests and the local stack. */
  readonly allowLoopback?: boolean;
  /** The system's name lookup unless said. */
  readonly resolve?: Resolve;
}

export interface FetchedBody {
  readonly data: Uint8Array;
  /** What the server says it is; null when it says nothing. */
  readonly contentType: string | null;
}

const MOST_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** The client errors that pass: request timeout, too early, too many requests. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);

interface Exchange {
  readonly maxBytes: number;
  readonly rules: TargetRules;
  readonly resolve: Resolve;
  /** Aborts at the time limit as well. */
  readonly signal: AbortSignal;
}

function tooLarge(maxBytes: number): EgressError {
  return new EgressError('too-large', `the answer is larger than the ${maxBytes} bytes that are allowed`, {
    isTransient: false,
  });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<FetchedBody> {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200) {
    const isTransient = statusCode >= 500 || PASSING_STATUSES.has(statusCode);
    throw new EgressError('answered', `the server answered ${statusCode}`, { isTransient });
  }
  return { data: await readBody(response, maxBytes), contentType: headers['content-type'] ?? null };
}

/** One request, over a connection of its own to an address that was checked; a redirect yields the URL it leads to. */
async function exchangeOnce(url: URL, { maxBytes, rules, resolve, signal }: Exchange): Promise<FetchedBody | URL> {
  const lookup = pinnedLookup(await resolveTarget(url, resolve, rules));
  const { promise: answer, resolve: answered, reject } = Promise.withResolvers<IncomingMessage>();
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  // No agent: a pooled connection could be one to an address that was checked for another request.
  const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'Afterimage/1' };
  const outgoing = send(url, { headers, lookup, agent: false, signal });
  outgoing.on('error', reject);
  outgoing.on('response', answered);
  outgoing.end();
  try {
    const response = await answer;
    const { location } = response.headers;
    if (!REDIRECTS.has(response.statusCode ?? 0)) return await readAnswer(response, maxBytes);
    const next = location === undefined ? null : URL.parse(location, url.href);
    if (next === null) throw new EgressError('redirects', 'a redirect leads nowhere', { isTransient: false });
    return next;
  } finally {
    outgoing.destroy();
  }
}

async function follow(first: string, exchange: Exchange): Promise<FetchedBody> {
  let target = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const result = await exchangeOnce(parseTarget(target, exchange.rules), exchange);
    if (!(result instanceof URL)) return result;
    target = result.href;
  }
  throw new EgressError('redirects', `more than ${MOST_REDIRECTS} redirects`, { isTransient: false });
}

function toEgressError(error: unknown): EgressError {
  if (error instanceof EgressError) return error;
  if (error instanceof ForbiddenTargetError) {
    return new EgressError('forbidden', error.message, { isTransient: false, cause: error });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new EgressError('unreachable', `the connection failed: ${code}`, { isTransient: true, cause: error });
}

/**
 * Gets what a tenant's URL names, without letting the tenant reach anything but public servers: https only, every address
 * of the host global unicast, the connection pinned to what was checked, at most three redirects that are each checked
 * anew, nothing of ours in the request.
 * @throws EgressError; the signal's reason when it aborts
 */
export async function safeFetch(url: string, options: SafeFetchOptions): Promise<FetchedBody> {
  const { signal, maxBytes, timeoutMs, allowLoopback = false, resolve = resolveHost } = options;
  signal.throwIfAborted();
  const late = new EgressError('timeout', `no complete answer within ${timeoutMs} ms`, { isTransient: true });
  const ended = Promise.withResolvers<never>();
  const exchange = new AbortController();
  const end = (reason: unknown): void => {
    ended.reject(reason);
    exchange.abort(reason);
  };
  const timer = setTimeout(() => end(late), timeoutMs);
  const abort = (): void => end(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    // A name lookup cannot be aborted, so the exchange is raced as well as told.
    const body = follow(url, { maxBytes, rules: { allowLoopback }, resolve, signal: exchange.signal });
    return await Promise.race([body, ended.promise]);
  } catch (error) {
    throw exchange.signal.aborted ? exchange.signal.reason : toEgressError(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
