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
  read('/openapi.json'),
  read('/session'),
  read('/overview'),

  read('/jobs'),
  { method: 'POST', path: '/jobs', role: 'operator', action: 'job.submit' },
  { method: 'POST', path: '/jobs/bulk', role: 'operator', action: 'job.bulk' },
  read('/jobs/:id'),
  { method: 'POST', path: '/jobs/:id/cancel', role: 'operator', action: 'job.cancel' },
  { method: 'POST', path: '/jobs/:id/retry', role: 'operator', action: 'job.retry' },
  { method: 'POST', path: '/jobs/:id/erase', role: 'admin', action: 'job.erase' },
  read('/jobs/:id/deliveries'),
  read('/jobs/:id/trace'),
  read('/gallery'),

  read('/queues'),
  { method: 'POST', path: '/queues/:name/pause', role: 'operator', action: 'queue.pause' },
  { method: 'POST', path: '/queues/:name/resume', role: 'operator', action: 'queue.resume' },
  { method: 'POST', path: '/queues/:name/purge', role: 'admin', action: 'queue.purge' },

  read('/dead-letters'),
  { method: 'POST', path: '/dead-letters/redrive', role: 'operator', action: 'dead-letters.redrive' },
  { method: 'POST', path: '/dead-letters/discard', role: 'admin', action: 'dead-letters.discard' },

  read('/workers'),
  { method: 'POST', path: '/workers/:id/drain', role: 'operator', action: 'worker.drain' },
  read('/pools'),

  read('/tenants'),
  { method: 'POST', path: '/tenants', role: 'admin', action: 'tenant.create' },
  read('/tenants/:id'),
  { method: 'PATCH', path: '/tenants/:id', role: 'admin', action: 'tenant.change' },
  read('/tenants/:id/usage'),
  read('/tenants/:id/keys'),
  { method: 'POST', path: '/tenants/:id/keys', role: 'admin', action: 'key.create' },
  { method: 'POST', path: '/tenants/:id/keys/:keyId/rotate', role: 'admin', action: 'key.rotate' },
  { method: 'POST', path: '/tenants/:id/keys/:keyId/revoke', role: 'admin', action: 'key.revoke' },

  read('/webhook-endpoints'),
  read('/webhook-endpoints/:id/deliveries'),
  { method: 'POST', path: '/webhook-deliveries/:id/redeliver', role: 'operator', action: 'delivery.redeliver' },

  read('/audit'),
] as const satisfies readonly AdminRoute[];

type Routes = (typeof ADMIN_ROUTES)[number];

/** `METHOD /path` of each route. */
export type AdminRouteKey = Routes extends infer R
  ? R extends AdminRoute
    ? `${R['method']} ${R['path']}`
    : never
  : never;
