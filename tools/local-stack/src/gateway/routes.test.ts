import { describe, expect, it } from 'vitest';
import type { ApiRoute } from '@afterimage/app-config';
import { findRoute } from './routes.ts';

const ROUTES = [
  { method: 'GET', path: '/v1/jobs', function: 'status-api', scope: 'jobs:read' },
  { method: 'POST', path: '/v1/jobs', function: 'submit-api', scope: 'jobs:write' },
  { method: 'GET', path: '/v1/jobs/{id}', function: 'status-api', scope: 'jobs:read' },
  { method: 'GET', path: '/v1/jobs/latest', function: 'status-api', scope: 'jobs:read' },
  { method: 'GET', path: '/v1/jobs/{id}/outputs/{n}/content', function: 'status-api', scope: 'jobs:read' },
] as const satisfies readonly ApiRoute[];

function found(method: string, path: string) {
  const match = findRoute(ROUTES, method, path);
  return match.kind === 'route' ? [match.route.path, match.pathParameters] : match;
}

describe('findRoute', () => {
  it('tells methods of one path apart', () => {
    expect(findRoute(ROUTES, 'POST', '/v1/jobs')).toMatchObject({ route: { function: 'submit-api' } });
    expect(findRoute(ROUTES, 'GET', '/v1/jobs')).toMatchObject({ route: { function: 'status-api' } });
  });

  it('gives path parameters decoded, and null when the path has none', () => {
    expect(found('GET', '/v1/jobs')).toEqual(['/v1/jobs', null]);
    expect(found('GET', '/v1/jobs/a%20b')).toEqual(['/v1/jobs/{id}', { id: 'a b' }]);
    expect(found('GET', '/v1/jobs/j/outputs/3/content')).toEqual([
      '/v1/jobs/{id}/outputs/{n}/content',
      { id: 'j', n: '3' },
    ]);
  });

  it('prefers a path without parameters', () => {
    expect(found('GET', '/v1/jobs/latest')).toEqual(['/v1/jobs/latest', null]);
  });

  it.each(['/v1', '/v1/jobs/', '/v1/jobs//', '/v2/jobs', '/v1/jobs/j/outputs/3', '//v1/jobs'])(
    'knows no %s',
    (path) => {
      expect(findRoute(ROUTES, 'GET', path)).toEqual({ kind: 'unknown-path' });
    },
  );

  it('tells which methods a known path takes', () => {
    expect(findRoute(ROUTES, 'DELETE', '/v1/jobs')).toEqual({ kind: 'wrong-method', allowed: ['GET', 'POST'] });
  });

  it('throws for a parameter that cannot be decoded', () => {
    expect(() => findRoute(ROUTES, 'GET', '/v1/jobs/%E0%A4%A')).toThrow(URIError);
  });
});
