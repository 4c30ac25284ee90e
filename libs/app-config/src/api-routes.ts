/** The routes of the public API: read by API Gateway's definition, the local gateway and the functions themselves. */
export type Scope = 'jobs:read' | 'jobs:write' | 'uploads:write' | 'webhooks:manage' | 'usage:read' | 'admin';

export const SCOPES = [
  'jobs:read',
  'jobs:write',
  'uploads:write',
  'webhooks:manage',
  'usage:read',
  'admin',
] as const satisfies readonly Scope[];

export type ApiFunction = 'submit-api' | 'status-api';

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** In API Gateway's form: `/v1/jobs/{id}`. */
  readonly path: string;
  readonly function: ApiFunction;
  /** Needed of the caller's key; null = public, the authorizer is not asked. */
  readonly scope: Scope | null;
}

export const API_ROUTES = [
  { method: 'POST', path: '/v1/jobs', function: 'submit-api', scope: 'jobs:write' },
  { method: 'GET', path: '/v1/jobs', function: 'status-api', scope: 'jobs:read' },
  { method: 'GET', path: '/v1/jobs/{id}', function: 'status-api', scope: 'jobs:read' },
  { method: 'POST', path: '/v1/jobs/{id}/cancel', function: 'status-api', scope: 'jobs:write' },
  { method: 'GET', path: '/v1/jobs/{id}/outputs/{n}/content', function: 'status-api', scope: 'jobs:read' },
  { method: 'GET', path: '/v1/models', function: 'status-api', scope: 'jobs:read' },
  { method: 'GET', path: '/v1/models/{id}', function: 'status-api', scope: 'jobs:read' },
  { method: 'GET', path: '/v1/health', function: 'status-api', scope: null },
] as const satisfies readonly ApiRoute[];
