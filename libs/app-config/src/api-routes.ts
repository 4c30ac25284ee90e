/** The routes of the public API: read by API Gateway's definition, the local gateway and the functions themselves. */
import { type Scope, scopeSchema } from '@afterimage/job-schemas';

export type { Scope };
export const SCOPES = scopeSchema.options;

export type ApiFunction = 'submit-api' | 'status-api' | 'wait-api' | 'webhook-api';

/**
 * Functions whose integration has the response transfer mode `STREAM`. Waits and streams hold an invocation each: their
 * function has its own concurrency, so that they take none from the others.
 */
export const STREAMING_FUNCTIONS: ReadonlySet<ApiFunction> = new Set(['wait-api']);

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** In API Gateway's form: `/v1/jobs/{id}`. */
  readonly path: string;
  readonly function: ApiFunction;
  /** Needed of the caller's key; null = public, the authorizer is not asked. */
  readonly scope: Scope | null;
  /** Requests that create jobs have a limit of their own. */
  readonly rate?: 'create';
}

export const API_ROUTES = [
  { method: 'POST', path: '/v1/jobs', function: 'submit-api', scope: 'jobs:write', rate: 'create' },
  { method: 'GET', path: '/v1/jobs', function: 'status-api', scope: 'jobs:read' },
  { method: 'GET', path: '/v1/jobs/{id}', function: 'wait-api', scope: 'jobs:read' },
  { method: 'GET', path: '/v1/jobs/{id}/events', function: 'wait-api', scope: 'jobs:read' },
  { method: 'DELETE', path: '/v1/jobs/{id}', function: 'status-api', scope: 'jobs:write' },
  { method: 'POST', path: '/v1/jobs/{id}/cancel', function: 'status-api', scope: 'jobs:write' },
  { method: 'POST', path: '/v1/jobs/{id}/retry', function: 'submit-api', scope: 'jobs:write', rate: 'create' },
  { method: 'GET', path: '/v1/jobs/{id}/outputs/{n}/content', function: 'status-api', scope: 'jobs:read' },
  { method: 'POST', path: '/v1/batches', function: 'submit-api', scope: 'jobs:write', rate: 'create' },
  { method: 'GET', path: '/v1/batches/{id}', function: 'status-api', scope: 'jobs:read' },
  { method: 'POST', path: '/v1/batches/{id}/cancel', function: 'status-api', scope: 'jobs:write' },
  { method: 'POST', path: '/v1/uploads', function: 'submit-api', scope: 'uploads:write' },
  { method: 'POST', path: '/v1alpha2/task', function: 'submit-api', scope: 'jobs:write', rate: 'create' },
  { method: 'POST', path: '/v1alpha2', function: 'submit-api', scope: 'jobs:write', rate: 'create' },
  { method: 'POST', path: '/v1alpha1', function: 'submit-api', scope: 'jobs:write', rate: 'create' },
  { method: 'POST', path: '/v1/webhook-endpoints', function: 'webhook-api', scope: 'webhooks:manage' },
  { method: 'GET', path: '/v1/webhook-endpoints', function: 'webhook-api', scope: 'webhooks:manage' },
  { method: 'GET', path: '/v1/webhook-endpoints/{id}', function: 'webhook-api', scope: 'webhooks:manage' },
  { method: 'PATCH', path: '/v1/webhook-endpoints/{id}', function: 'webhook-api', scope: 'webhooks:manage' },
  { method: 'DELETE', path: '/v1/webhook-endpoints/{id}', function: 'webhook-api', scope: 'webhooks:manage' },
  {
    method: 'POST',
    path: '/v1/webhook-endpoints/{id}/rotate-secret',
    function: 'webhook-api',
    scope: 'webhooks:manage',
  },
  { method: 'POST', path: '/v1/webhook-endpoints/{id}/test', function: 'webhook-api', scope: 'webhooks:manage' },
  { method: 'GET', path: '/v1/webhook-endpoints/{id}/deliveries', function: 'webhook-api', scope: 'webhooks:manage' },
  {
    method: 'POST',
    path: '/v1/webhook-endpoints/{id}/redeliver-failed',
    function: 'webhook-api',
    scope: 'webhooks:manage',
  },
  { method: 'GET', path: '/v1/webhook-deliveries/{id}', function: 'webhook-api', scope: 'webhooks:manage' },
  { method: 'POST', path: '/v1/webhook-deliveries/{id}/redeliver', function: 'webhook-api', scope: 'webhooks:manage' },
  { method: 'GET', path: '/v1/models', function: 'status-api', scope: 'jobs:read' },
  { method: 'GET', path: '/v1/models/{id}', function: 'status-api', scope: 'jobs:read' },
  { method: 'POST', path: '/v1/keys', function: 'status-api', scope: 'admin' },
  { method: 'GET', path: '/v1/keys', function: 'status-api', scope: 'admin' },
  { method: 'GET', path: '/v1/keys/{id}', function: 'status-api', scope: 'admin' },
  { method: 'POST', path: '/v1/keys/{id}/rotate', function: 'status-api', scope: 'admin' },
  { method: 'POST', path: '/v1/keys/{id}/revoke', function: 'status-api', scope: 'admin' },
  { method: 'GET', path: '/v1/limits', function: 'status-api', scope: 'jobs:read' },
  { method: 'GET', path: '/v1/usage', function: 'status-api', scope: 'usage:read' },
  { method: 'GET', path: '/v1/health', function: 'status-api', scope: null },
  { method: 'GET', path: '/v1/openapi.json', function: 'status-api', scope: null },
  { method: 'GET', path: '/docs', function: 'status-api', scope: null },
] as const satisfies readonly ApiRoute[];

type Routes = (typeof API_ROUTES)[number];
/** `METHOD /path` of each route that a function serves. */
export type RouteKey<F extends ApiFunction> =
  Extract<Routes, { function: F }> extends infer R
    ? R extends ApiRoute
      ? `${R['method']} ${R['path']}`
      : never
    : never;

/** Joins a function's handlers with the scopes and rates of its routes. The compiler asks for a handler for each route. */
export function routesOf<F extends ApiFunction, H>(
  name: F,
  handlers: Readonly<Record<RouteKey<F>, H>>,
): Record<string, { readonly scope: Scope | null; readonly rate?: 'create' | undefined; readonly handle: H }> {
  const own: readonly ApiRoute[] = API_ROUTES.filter((route) => route.function === name);
  const routes = new Map(own.map((route) => [`${route.method} ${route.path}`, route]));
  return Object.fromEntries(
    Object.entries<H>(handlers).map(([key, handle]) => {
      const { scope = null, rate } = routes.get(key) ?? {};
      return [key, { scope, ...(rate === undefined ? {} : { rate }), handle }];
    }),
  );
}
