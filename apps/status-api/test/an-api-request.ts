import type { ApiRequest } from '@afterimage/app-host/lambda';

interface Given {
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly tenantId?: string;
}

/** A request as a route sees it. */
export function anApiRequest({ headers = {}, params = {}, query = {}, tenantId = 'tenant-1' }: Given = {}): ApiRequest {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    path: '/v1/jobs',
    traceparent: null,
    requestId: 'request-1',
    principal: { tenantId, keyId: 'key-1', scopes: ['jobs:read', 'jobs:write'] },
    tenantId: () => tenantId,
    header: (name) => byName.get(name.toLowerCase()),
    param: (name) => params[name] ?? '',
    query: () => query,
    json: () => undefined,
    optionalJson: () => undefined,
  };
}
