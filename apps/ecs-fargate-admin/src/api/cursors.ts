import { type CursorScope, decodeCursor, encodeCursor } from '@afterimage/app-host/http';
import type { ListPosition } from '@afterimage/job-core';

/**
 * Reads the cursor of a list and writes its next one. The scope names the list and its filters: a cursor is good for these
 * alone. Throws a ProblemError for one that is not ours.
 */
export type MakeCursor = (
  scope: CursorScope,
  cursor: string | undefined,
) => { readonly after: ListPosition | undefined; readonly next: (position: ListPosition) => string };

export function makeCursors(secret: string): MakeCursor {
  return (scope, cursor) => ({
    after: cursor === undefined ? undefined : decodeCursor(cursor, scope, secret),
    next: (position) => encodeCursor(position, scope, secret),
  });
}
