import type { AuditEntry } from '@afterimage/admin-schemas';
import type { AuditLog } from '../src/audit/audit-log.ts';

type Query = Parameters<AuditLog['list']>[0];

function sortKey({ at, id }: { readonly at: string; readonly id: string }): string {
  return `${at}#${id}`;
}

export class InMemoryAuditLog implements AuditLog {
  readonly #begun = new Map<string, AuditEntry>();
  readonly #ended = new Map<string, AuditEntry>();

  async begin(entry: AuditEntry): Promise<void> {
    if (this.#begun.has(entry.id)) throw new Error(`${entry.id} was begun before`);
    this.#begun.set(entry.id, entry);
  }

  async end(entry: AuditEntry): Promise<void> {
    if (this.#ended.has(entry.id)) throw new Error(`${entry.id} was ended before`);
    this.#ended.set(entry.id, entry);
  }

  async list({ limit, after, action, operator, target }: Query) {
    const matching = [...this.#begun.values()]
      .map((entry) => this.#ended.get(entry.id) ?? entry)
      .filter((entry) => action === undefined || entry.action === action)
      .filter((entry) => operator === undefined || [entry.operator.id, entry.operator.name].includes(operator))
      .filter((entry) => target === undefined || entry.target === target)
      .filter((entry) => after === undefined || sortKey(entry) < sortKey(after))
      .sort((a, b) => (sortKey(a) < sortKey(b) ? 1 : -1));
    const entries = matching.slice(0, limit);
    const last = entries.at(-1);
    const next = matching.length > limit && last !== undefined ? { at: last.at, id: last.id } : null;
    return { entries, next };
  }
}
