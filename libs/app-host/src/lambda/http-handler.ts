import middy from '@middy/core';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { ProblemError } from '@afterimage/job-core';
import type { Telemetry } from '@afterimage/telemetry';
import type { LambdaTracing } from '@afterimage/telemetry/lambda';
import { type ApiEvent, type ApiRequest, apiEventSchema, toApiRequest } from './api-request.ts';
import { METRICS } from './metrics.ts';
import { problemResponse } from './problem-response.ts';

export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; none with 204, 302 and 304. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`; the headers name its type. */
  readonly content?: Uint8Array;
}

export interface Route {
  /** Needed of the caller's key; null = public. */
  readonly scope: string | null;
  readonly handle: (request: ApiRequest, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<ApiResponse>;
}

/** Routes by `METHOD /path/{parameter}`, in API Gateway's form. */
export type Routes = Readonly<Record<string, Route>>;

function encode({ body, content }: ApiResponse): Pick<APIGatewayProxyResult, 'body' | 'isBase64Encoded'> {
  if (content !== undefined) return { body: Buffer.from(content).toString('base64'), isBase64Encoded: true };
  return { body: body === undefined ? '' : JSON.stringify(body) };
}

function toResult(response: ApiResponse, requestId: string): APIGatewayProxyResult {
  const { status, headers, body } = response;
  return {
    statusCode: status,
    headers: {
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...encode(response),
  };
}

function checkScope(request: ApiRequest, scope: string | null): void {
  if (scope === null || request.principal?.scopes.includes(scope)) return;
  if (request.principal === undefined) throw new ProblemError('unauthenticated', { detail: 'an API key is needed' });
  throw new ProblemError('insufficient-scope', { detail: `the key needs the scope ${scope}` });
}

function routeOf(routes: Routes, event: ApiEvent): Route {
  const route = routes[`${event.httpMethod} ${event.resource}`];
  if (route !== undefined) return route;
  throw new ProblemError('not-found', { detail: `there is no ${event.httpMethod} ${event.path}` });
}

export interface HttpHandlerOptions {
  readonly telemetry: Telemetry;
  readonly tracing: LambdaTracing;
  readonly routes: Routes;
}

/** The handler of a Lambda behind API Gateway: decodes, checks the scope, calls the route, answers problems. */
export function httpHandler({ telemetry, tracing, routes }: HttpHandlerOptions) {
  const { log, metrics } = telemetry;
  return middy<unknown, APIGatewayProxyResult>()
    .use(tracing.middleware)
    .use({ after: () => metrics.flush(), onError: () => metrics.flush() })
    .use({
      // Sets the response and returns nothing: a value returned here would end the other middlewares' onError.
      onError: (request) => {
        const event = apiEventSchema.safeParse(request.event).data;
        request.response = problemResponse(request.error, event, telemetry);
      },
    })
    .handler(async (rawEvent, context) => {
      const event = apiEventSchema.parse(rawEvent);
      const request = toApiRequest(event);
      const route = routeOf(routes, event);
      checkScope(request, route.scope);
      const response = await route.handle(request, context);
      log.debug('request served', { requestId: request.requestId, resource: event.resource, status: response.status });
      metrics.count(METRICS.requestServed);
      return toResult(response, request.requestId);
    });
}
