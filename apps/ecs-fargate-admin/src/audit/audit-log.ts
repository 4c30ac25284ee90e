import type { AuditEntry, AuditQuery } from '@afterimage/admin-schemas';

/** Where an audit list goes on: the key of the last entry that was shown. */
export interface AuditPosition {
  readonly at: string;
  readonly id: string;
}

/** The acts of operators. Nothing in it is changed or deleted. */
export interface AuditLog {
  /** @throws DependencyUnavailableError when it is not stored: what it tells of must not begin then */
  begin(entry: AuditEntry): Promise<void>;
  /** Adds what came of an entry that was begun. */
  end(entry: AuditEntry): Promise<void>;
  /** The newest first, each act once, as it stands. */
  list(
    query: Omit<AuditQuery, 'cursor'> & { readonly after?: AuditPosition },
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: AuditPosition | null }>;
}
