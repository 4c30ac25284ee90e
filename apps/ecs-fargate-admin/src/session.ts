import type { Session } from '@afterimage/admin-schemas';
import type { AdminHandler } from './api/admin-request.ts';

/** `GET /session`. */
export function makeGetSession(place: Omit<Session, 'operator'>): AdminHandler {
  return async function getSession({ operator }) {
    return { body: { operator, ...place } satisfies Session };
  };
}
