import { API_ROUTES, STREAMING_FUNCTIONS } from '@afterimage/app-config';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { GatewayApi, TraceRequest } from './gateway/answer.ts';
import { TRACE_HEADER } from './gateway/gateway-request.ts';
import { makeAuthorizer } from './gateway/authorizer.ts';
import type { LambdaFunction } from './lambda/lambda-function.ts';
import type { FunctionName } from './apps.ts';

export const INTEGRATION_TIMEOUT_MS = 29_000;
export const AUTHORIZER_CACHE_MS = 5000;

export interface ApiOptions {
  readonly functions: Pick<
    Readonly<Record<FunctionName, LambdaFunction>>,
    'api-authorizer' | 'submit-api' | 'status-api' | 'wait-api' | 'webhook-api'
  >;
  readonly authorizerCacheMs: number;
  readonly integrationTimeoutMs: number;
  readonly trace?: TraceRequest | undefined;
}

function traceHeaderOf({ headers }: { headers: APIGatewayProxyEvent['headers'] | null }): string | undefined {
  return headers?.[TRACE_HEADER];
}

/** The public API over its functions. */
export function makeApi({ functions, authorizerCacheMs, integrationTimeoutMs, trace }: ApiOptions): GatewayApi {
  return {
    routes: API_ROUTES,
    authorize: makeAuthorizer({
      invoke: (event) => functions['api-authorizer'].invoke(event, traceHeaderOf(event)),
      cacheMs: authorizerCacheMs,
      now: Date.now,
    }),
    invoke: (route, event) => functions[route.function].invoke(event, traceHeaderOf(event)),
    openStream: (route, event) =>
      STREAMING_FUNCTIONS.has(route.function)
        ? functions[route.function].invokeStreaming(event, traceHeaderOf(event))
        : undefined,
    integrationTimeoutMs,
    ...(trace === undefined ? {} : { trace }),
  };
}
