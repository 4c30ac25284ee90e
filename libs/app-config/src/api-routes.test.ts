import { describe, expect, it } from 'vitest';
import { API_ROUTES, routesOf, SCOPES } from './api-routes.ts';

describe('API_ROUTES', () => {
  it('has no route twice', () => {
    const keys = API_ROUTES.map(({ method, path }) => `${method} ${path}`);

    expect(new Set(keys).size).toBe(keys.length);
  });

  it('asks for scopes that there are, but for its health and its description', () => {
    const open = API_ROUTES.filter(({ scope }) => scope === null).map(({ path }) => path);
    const scopes = new Set<string>(SCOPES);

    expect(open).toStrictEqual(['/v1/health', '/v1/openapi.json', '/docs']);
    expect(API_ROUTES.filter(({ scope }) => scope !== null && !scopes.has(scope))).toStrictEqual([]);
  });
});

describe('routesOf', () => {
  it('joins the handlers of a function with the scopes and rates of its routes', () => {
    const handlers = {
      'POST /v1/jobs': 'create',
      'POST /v1/jobs/{id}/retry': 'retry',
      'POST /v1/batches': 'batch',
      'POST /v1/uploads': 'upload',
      'POST /v1alpha2/task': 'task',
      'POST /v1alpha2': 'task',
      'POST /v1alpha1': 'task',
    };

    expect(routesOf('submit-api', handlers)).toStrictEqual({
      'POST /v1/jobs': { scope: 'jobs:write', rate: 'create', handle: 'create' },
      'POST /v1/jobs/{id}/retry': { scope: 'jobs:write', rate: 'create', handle: 'retry' },
      'POST /v1/batches': { scope: 'jobs:write', rate: 'create', handle: 'batch' },
      'POST /v1/uploads': { scope: 'uploads:write', handle: 'upload' },
      'POST /v1alpha2/task': { scope: 'jobs:write', rate: 'create', handle: 'task' },
      'POST /v1alpha2': { scope: 'jobs:write', rate: 'create', handle: 'task' },
      'POST /v1alpha1': { scope: 'jobs:write', rate: 'create', handle: 'task' },
    });
  });
});
