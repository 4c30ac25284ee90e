import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { ProblemError, type RateStore } from '@afterimage/job-core';
import { inJobScope, type Telemetry } from '@afterimage/telemetry';
import type { LambdaTracing } from '@afterimage/telemetry/lambda';
import { type ApiEvent, type ApiRequest, apiEventSchema, toApiRequest } from './api-request.ts';
import { METRICS } from './metrics.ts';
import { problemResponse } from './problem-response.ts';
import { makeRateGate, type RateGate } from './rate-gate.ts';

type Headers = Readonly<Record<string, string>>;

export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; none with 204, 302 and 304. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`; the headers name its type. */
  readonly content?: Uint8Array;
}

export interface Route<Response = ApiResponse> {
  /** Needed of the caller's key; null = public. */
  readonly scope: string | null;
  /** Requests that create jobs have a limit of their own. */
  readonly rate?: 'create' | undefined;
  readonly handle: (request: ApiRequest, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<Response>;
}

/** Routes by `METHOD /path/{parameter}`, in API Gateway's form. */
export type Routes<Response = ApiResponse> = Readonly<Record<string, Route<Response>>>;

function encode({ body, content }: ApiResponse): Pick<APIGatewayProxyResult, 'body' | 'isBase64Encoded'> {
  if (content !== undefined) return { body: Buffer.from(content).toString('base64'), isBase64Encoded: true };
  return { body: body === undefined ? '' : JSON.stringify(body) };
}

/** The result of a Lambda proxy integration. */
export function toResult(response: ApiResponse, requestId: string, rateHeaders: Headers): APIGatewayProxyResult {
  const { status, headers, body } = response;
  return {
    statusCode: status,
    headers: {
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...rateHeaders,
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

function routeOf<Response>(routes: Routes<Response>, event: ApiEvent): Route<Response> {
  const route = routes[`${event.httpMethod} ${event.resource}`];
  if (route !== undefined) return route;
  throw new ProblemError('not-found', { detail: `there is no ${event.httpMethod} ${event.path}` });
}

export interface HttpHandlerOptions<Response = ApiResponse> {
  readonly telemetry: Telemetry;
  readonly tracing: LambdaTracing;
  readonly routes: Routes<Response>;
  /** Where the requests of each tenant are counted; without it none is limited. */
  readonly rates?: RateStore;
}

/** Decodes the event, checks rate and scope, and calls the route. @throws ProblemError */
export function makeServe<Response extends { readonly status: number }>(
  {
    telemetry: { log, metrics },
    tracing,
    routes,
  }: Pick<HttpHandlerOptions<Response>, 'telemetry' | 'tracing' | 'routes'>,
  gate: RateGate,
) {
  return async function serve(rawEvent: unknown, context: Context) {
    const event = apiEventSchema.parse(rawEvent);
    const request = toApiRequest(event, tracing.current());
    const { requestId } = request;
    const route = routeOf(routes, event);
    if (route.scope !== null) await gate.enter(request.principal, route.rate, context);
    checkScope(request, route.scope);
    const response = await inJobScope(async () => {
      const answer = await route.handle(request, context);
      log.debug('request served', { requestId, resource: event.resource, status: answer.status });
      tracing.note({ requestId });
      return answer;
    });
    metrics.count(METRICS.requestServed);
    return { response, requestId, rateHeaders: gate.headersOf(context) };
  };
}

/** Answers what a route threw with a problem. Sets the response and returns nothing: a value would end the other middlewares' onError. */
export function answerProblems(telemetry: Telemetry, gate: RateGate): MiddlewareObj {
  return {
    onError: (request) => {
      const event = apiEventSchema.safeParse(request.event).data;
      const { headers, ...problem } = problemResponse(request.error, event, telemetry);
      request.response = { ...problem, headers: { ...headers, ...gate.headersOf(request.context) } };
    },
  };
}

/** The handler of a Lambda behind API Gateway: decodes, checks the scope, calls the route, answers problems. */
export function httpHandler(options: HttpHandlerOptions) {
  const { telemetry, tracing } = options;
  const { metrics } = telemetry;
  const gate = makeRateGate(options.rates, telemetry);
  const serve = makeServe(options, gate);
  return tracing.handler(
    middy<unknown, APIGatewayProxyResult>()
      .use(tracing.middleware)
      .use({ after: () => metrics.flush(), onError: () => metrics.flush() })
      .use(answerProblems(telemetry, gate))
      .handler(async (event, context) => {
        const startedAtMs = performance.now();
        try {
          const { response, requestId, rateHeaders } = await serve(event, context);
          return toResult(response, requestId, rateHeaders);
        } finally {
          metrics.duration(METRICS.requestTime, performance.now() - startedAtMs);
        }
      }),
  );
}
