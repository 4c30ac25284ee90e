import type { ApiRoute } from '@afterimage/app-config';
import type { GatewayRequest } from '../src/gateway/gateway-request.ts';
import type { RoutedRequest } from '../src/gateway/proxy-event.ts';

export const LIST_ROUTE: ApiRoute = { method: 'GET', path: '/v1/jobs', function: 'status-api', scope: 'jobs:read' };
export const CREATE_ROUTE: ApiRoute = { method: 'POST', path: '/v1/jobs', function: 'submit-api', scope: 'jobs:write' };
export const JOB_ROUTE: ApiRoute = { method: 'GET', path: '/v1/jobs/{id}', function: 'status-api', scope: 'jobs:read' };

interface RequestValues {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly query?: string;
  readonly pathParameters?: Readonly<Record<string, string>> | null;
}

/** A request that has found its route. */
export function aRoutedRequest(
  route: ApiRoute,
  { path = route.path, headers = {}, query = '', pathParameters = null }: RequestValues = {},
): RoutedRequest {
  const request: GatewayRequest = {
    requestId: '5c0ad6a1-3a7c-4c93-9f65-1f0f6a1e1a11',
    traceHeader: 'Root=1-67a51238-0123456789abcdef01234567',
    receivedAt: new Date('2026-03-04T05:06:07.890Z'),
    method: route.method,
    path,
    query: new URLSearchParams(query),
    headers: new Map(Object.entries({ Host: ['127.0.0.1:4000'], ...headers })),
    sourceIp: '127.0.0.1',
    protocol: 'HTTP/1.1',
  };
  return { request, route, pathParameters };
}
