import type { ApiRequest } from '@afterimage/app-host/lambda';

export const CONTEXT = { getRemainingTimeInMillis: () => 29_000 };

interface Given {
  readonly body?: unknown;
  /** By lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
}

/** A request as a route sees it. */
export function aRequestFor({ body, headers = {}, params = {} }: Given): ApiRequest {
  return {
    path: '/v1/jobs',
    traceparent: headers['traceparent'] ?? null,
    requestId: 'request-1',
    principal: { tenantId: 'tenant-1', keyId: 'key-1', scopes: ['jobs:write'] },
    tenantId: () => 'tenant-1',
    header: (name) => headers[name],
    param: (name) => params[name] ?? '',
    query: () => ({}),
    json: () => body,
    optionalJson: () => body,
  };
}
