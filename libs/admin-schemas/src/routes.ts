import type { Role } from './roles.ts';

/** Where the admin API begins. */
export const ADMIN_BASE = '/admin/v1';

export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below {@link ADMIN_BASE}; parameters as `:id`. */
  readonly path: string;
  readonly role: Role;
  /** Name in the audit log of what changes something; null for what only reads. */
  readonly action: string | null;
}

function read<P extends string>(path: P) {
  return { method: 'GET', path, role: 'viewer', action: null } as const;
}

/** Every route of the admin API: the server serves these and no others, and the table test of its authorisation reads them. */
export const ADMIN_ROUTES = [
  read('/session'),
  read('/overview'),
  read('/jobs'),
  read('/jobs/:id'),
  read('/gallery'),
  read('/audit'),
] as const satisfies readonly AdminRoute[];

type Routes = (typeof ADMIN_ROUTES)[number];

/** `METHOD /path` of each route. */
export type AdminRouteKey = Routes extends infer R
  ? R extends AdminRoute
    ? `${R['method']} ${R['path']}`
    : never
  : never;
