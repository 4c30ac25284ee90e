import { type AuditPage, auditQuerySchema } from '@afterimage/admin-schemas';
import type { AdminHandler } from '../api/admin-request.ts';
import type { MakeCursor } from '../api/cursors.ts';
import type { AuditLog } from './audit-log.ts';

/** `GET /audit`. */
export function makeListAudit(ports: {
  readonly audit: Pick<AuditLog, 'list'>;
  readonly cursors: MakeCursor;
}): AdminHandler {
  const { audit, cursors } = ports;
  return async function listAudit(request) {
    const { cursor, ...query } = request.query(auditQuerySchema);
    const { after, next } = cursors(
      { list: 'audit', action: query.action, operator: query.operator, target: query.target },
      cursor,
    );
    const page = await audit.list({
      ...query,
      ...(after === undefined ? {} : { after: { at: after.createdAt, id: after.id } }),
    });
    const nextCursor = page.next === null ? null : next({ createdAt: page.next.at, id: page.next.id });
    return { body: { data: [...page.entries], nextCursor } satisfies AuditPage };
  };
}
