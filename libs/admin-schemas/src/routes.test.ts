import { describe, expect, it } from 'vitest';
import { mayAct, ROLES } from './roles.ts';
import { ADMIN_ROUTES, type AdminRoute } from './routes.ts';

const routes: readonly AdminRoute[] = ADMIN_ROUTES;

describe('the table of routes', () => {
  it('has each route once', () => {
    const keys = routes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('lets a viewer read, and names everything else for the audit log', () => {
    const wrong = routes.filter(
      ({ method, role, action }) =>
        (method === 'GET') !== (role === 'viewer') || (method === 'GET') !== (action === null),
    );
    expect(wrong).toEqual([]);
  });
});

describe('a role', () => {
  it.each(ROLES)('%s may do what the ones before it may, and no more', (role) => {
    expect(ROLES.filter((needed) => mayAct(role, needed))).toEqual(ROLES.slice(0, ROLES.indexOf(role) + 1));
  });
});
