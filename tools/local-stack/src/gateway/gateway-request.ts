import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** API Gateway's limit on a request's body. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** A request as the gateway sees it, before anything is known of its route. */
export interface GatewayRequest {
  readonly requestId: string;
  readonly traceHeader: string;
  readonly receivedAt: Date;
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: MultiMap;
  readonly sourceIp: string;
  readonly protocol: string;
}

/** Name to values, in the order and the case in which the names came first. */
export type MultiMap = ReadonlyMap<string, readonly string[]>;

/** Headers that speak of one connection, which ends at the gateway. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);
export const TRACE_HEADER = 'X-Amzn-Trace-Id';

/** The first value of a header; its name in any case. */
export function headerOf(headers: MultiMap, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [each, values] of headers) if (each.toLowerCase() === wanted) return values[0];
  return undefined;
}

function readHeaders(rawHeaders: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  const names = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const sent = rawHeaders[index] ?? '';
    const lowerCase = sent.toLowerCase();
    if (HOP_BY_HOP.has(lowerCase)) continue;
    const name = names.get(lowerCase) ?? sent;
    names.set(lowerCase, name);
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[index + 1] ?? '']);
  }
  return headers;
}

function newTraceHeader(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}

/** The request's head, with the headers that API Gateway adds. */
export function readRequest(message: IncomingMessage): GatewayRequest {
  const receivedAt = new Date();
  const [path = '/', ...rest] = (message.url ?? '/').split('?');
  const headers = readHeaders(message.rawHeaders);
  const sourceIp = (message.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
  const traceHeader = headerOf(headers, TRACE_HEADER) ?? newTraceHeader(receivedAt);
  if (headerOf(headers, TRACE_HEADER) === undefined) headers.set(TRACE_HEADER, [traceHeader]);
  const forwardedFor = headerOf(headers, 'X-Forwarded-For');
  for (const name of headers.keys()) if (/^x-forwarded-(for|port|proto)$/i.test(name)) headers.delete(name);
  headers.set('X-Forwarded-For', [forwardedFor === undefined ? sourceIp : `${forwardedFor}, ${sourceIp}`]);
  headers.set('X-Forwarded-Port', [String(message.socket.localPort ?? '')]);
  headers.set('X-Forwarded-Proto', ['http']);
  return {
    requestId: randomUUID(),
    traceHeader,
    receivedAt,
    method: message.method ?? 'GET',
    path,
    query: new URLSearchParams(rest.join('?')),
    headers,
    sourceIp,
    protocol: `HTTP/${message.httpVersion}`,
  };
}

/** The whole body; undefined when it is over the limit; Node.js then throws the rest away. */
export async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(message.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
