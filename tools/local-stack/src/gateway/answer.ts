import type { IncomingMessage } from 'node:http';
import type { ApiRoute } from '@afterimage/app-config';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { FunctionError } from '../lambda/function-error.ts';
import type { FunctionStream } from '../lambda/function-stream.ts';
import type { Decision } from './authorizer.ts';
import { MAX_BODY_BYTES, readBody, type GatewayRequest } from './gateway-request.ts';
import { problemReply, type Reply } from './problem-reply.ts';
import { proxyEvent, type RoutedRequest } from './proxy-event.ts';
import { readProxyResult, readStreamHead } from './proxy-result.ts';
import { findRoute } from './routes.ts';

/** Begins the segment of a request. Yields the request as its integration is to see it, and what ends the segment. */
export type TraceRequest = (request: GatewayRequest) => {
  readonly request: GatewayRequest;
  end(status: number): void;
};

export interface GatewayApi {
  readonly routes: readonly ApiRoute[];
  authorize(routed: RoutedRequest): Promise<Decision>;
  /** The integration of a route. */
  invoke(route: ApiRoute, event: APIGatewayProxyEvent): Promise<unknown>;
  /** The integration of a route whose responses are streamed; undefined for the others. */
  openStream?(route: ApiRoute, event: APIGatewayProxyEvent): Promise<FunctionStream> | undefined;
  /** Tells of each request to whoever keeps traces. */
  readonly trace?: TraceRequest;
  /** API Gateway's limit is 29 s. */
  readonly integrationTimeoutMs: number;
}

const TIMED_OUT = Symbol('timed out');

/** The result, or the symbol when the time is up; the invocation goes on, as it does on AWS. */
async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T | typeof TIMED_OUT> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof TIMED_OUT>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, TIMED_OUT);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function integrate(
  api: GatewayApi,
  routed: RoutedRequest,
  body: Buffer,
  allowed: { readonly context: Extract<Decision, { kind: 'allowed' }>['context'] | null; readonly latencyMs: number },
): Promise<Reply> {
  const { request, route } = routed;
  try {
    const event = proxyEvent(routed, body, allowed.context, allowed.latencyMs);
    const streamed = await api.openStream?.(route, event);
    if (streamed !== undefined) return readStreamHead(streamed);
    const result = await within(api.invoke(route, event), api.integrationTimeoutMs);
    if (result === TIMED_OUT) {
      return problemReply(request, 'unavailable', 'the function did not answer in time', { status: 504 });
    }
    return readProxyResult(result);
  } catch (error) {
    if (error instanceof FunctionError && error.code === 'request-too-large') {
      return problemReply(request, 'payload-too-large', 'the request is larger than a function can take');
    }
    return problemReply(request, 'internal', 'the function failed', { status: 502 });
  }
}

async function authorizeAndIntegrate(api: GatewayApi, routed: RoutedRequest, body: Buffer): Promise<Reply> {
  const { request, route } = routed;
  if (route.scope === null) return integrate(api, routed, body, { context: null, latencyMs: 0 });
  const startedAt = performance.now();
  let decision: Decision;
  try {
    decision = await api.authorize(routed);
  } catch {
    return problemReply(request, 'internal', 'the authorizer failed');
  }
  switch (decision.kind) {
    case 'unauthorized':
      return problemReply(request, 'unauthenticated', 'the API key is missing or not valid', {
        headers: { 'www-authenticate': 'Bearer' },
      });
    case 'denied':
      return problemReply(request, 'insufficient-scope', `this API key may not ${request.method} ${route.path}`);
    case 'allowed':
      return integrate(api, routed, body, {
        context: decision.context,
        latencyMs: Math.round(performance.now() - startedAt),
      });
  }
}

/** The reply to one request; never rejects for anything that the request or a function did. */
export async function answer(api: GatewayApi, request: GatewayRequest, message: IncomingMessage): Promise<Reply> {
  let match: ReturnType<typeof findRoute>;
  try {
    match = findRoute(api.routes, request.method, request.path);
  } catch {
    return problemReply(request, 'malformed-request', 'the path is not percent-encoded properly');
  }
  if (match.kind === 'unknown-path') return problemReply(request, 'not-found', `there is nothing at ${request.path}`);
  if (match.kind === 'wrong-method') {
    const allow = ['OPTIONS', ...match.allowed].join(', ');
    if (request.method === 'OPTIONS') return { status: 204, headers: { allow }, body: Buffer.alloc(0) };
    return problemReply(request, 'method-not-allowed', `${request.path} takes ${allow}`, { headers: { allow } });
  }
  const body = await readBody(message);
  if (body === undefined) return problemReply(request, 'payload-too-large', `a body may have ${MAX_BODY_BYTES} bytes`);
  return authorizeAndIntegrate(api, { request, route: match.route, pathParameters: match.pathParameters }, body);
}
