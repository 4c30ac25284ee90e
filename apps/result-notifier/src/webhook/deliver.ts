import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import {
  ForbiddenTargetError,
  parseTarget,
  pinnedLookup,
  type Resolve,
  type ResolvedAddress,
  resolveTarget,
  type TargetRules,
} from '@afterimage/safe-egress';

/** What is read of an answer's body at most: only its end matters, and nobody may make us read for ever. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * How one exchange ended. `answered`: with any status, of a redirect too. `unreachable`: without a complete answer.
 * `refused`: the URL may never be called.
 */
export type DeliveryResult =
  | { readonly kind: 'answered'; readonly statusCode: number; readonly retryAfter: string | null }
  | { readonly kind: 'unreachable'; readonly error: string }
  | { readonly kind: 'refused'; readonly error: string };

export type Deliver = (request: WebhookRequest) => Promise<DeliveryResult>;

export interface DeliverOptions extends TargetRules {
  /** For the whole exchange: look up, connect, send, read the answer. */
  readonly timeoutMs: number;
  readonly resolve: Resolve;
}

async function drain(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of response) {
    bytes += Buffer.byteLength(chunk);
    if (bytes >= MAX_ANSWER_BYTES) return;
  }
}

async function exchange(
  url: URL,
  addresses: readonly ResolvedAddress[],
  { headers, body }: WebhookRequest,
  signal: AbortSignal,
): Promise<DeliveryResult> {
  const { promise: answer, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  // No agent: a pooled connection could be one to an address that was checked for another request.
  const outgoing = send(url, { method: 'POST', headers, lookup: pinnedLookup(addresses), agent: false, signal });
  outgoing.on('error', reject);
  outgoing.on('response', resolve);
  outgoing.end(body);
  try {
    const response = await answer;
    await drain(response);
    return {
      kind: 'answered',
      statusCode: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'] ?? null,
    };
  } finally {
    outgoing.destroy();
  }
}

async function rejectOnAbort(signal: AbortSignal): Promise<never> {
  await once(signal, 'abort');
  throw signal.reason;
}

function describe(error: unknown): string {
  if (error instanceof ForbiddenTargetError) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return `the connection failed: ${code}`;
}

/** Sends one webhook request over a connection of its own; redirects are not followed. It never rejects. */
export function makeDeliver({ timeoutMs, resolve, allowLoopback }: DeliverOptions): Deliver {
  const rules = { allowLoopback };

  async function send(url: URL, request: WebhookRequest, signal: AbortSignal): Promise<DeliveryResult> {
    const addresses = await resolveTarget(url, resolve, rules);
    return exchange(url, addresses, request, signal);
  }

  return async function deliver(request) {
    let url: URL;
    try {
      url = parseTarget(request.url, rules);
    } catch (error) {
      return { kind: 'refused', error: describe(error) };
    }
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await Promise.race([send(url, request, signal), rejectOnAbort(signal)]);
    } catch (error) {
      if (signal.aborted) return { kind: 'unreachable', error: `no complete answer within ${timeoutMs} ms` };
      return { kind: 'unreachable', error: describe(error) };
    }
  };
}
