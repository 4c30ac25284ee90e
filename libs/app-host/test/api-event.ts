import type { Context } from 'aws-lambda';
import type { ApiEvent } from '../src/lambda/api-request.ts';
import { UNTRACED } from '@afterimage/telemetry/lambda';

/** A proxy event of API Gateway, as far as it is read. */
export function anApiEvent(overrides: Partial<ApiEvent> = {}): ApiEvent {
  return {
    httpMethod: 'POST',
    resource: '/v1/things/{id}',
    path: '/v1/things/7',
    headers: { 'Content-Type': 'application/json' },
    pathParameters: { id: '7' },
    multiValueQueryStringParameters: null,
    body: '{}',
    isBase64Encoded: false,
    requestContext: {
      requestId: 'request-1',
      authorizer: { tenantId: 'tenant-1', keyId: 'key-1', scopes: 'things:write' },
    },
    ...overrides,
  };
}

export const CONTEXT = { getRemainingTimeInMillis: () => 29_000, awsRequestId: 'invocation-1' } as Context;

/** Tracing that traces nothing. */
export const noTracing = UNTRACED;
