import { type AuditEntry, auditEntrySchema } from '@afterimage/admin-schemas';
import { callAws, JOB_TABLE } from '@afterimage/job-aws';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditLog, AuditPosition } from './audit-log.ts';

/** An act is two items, so that nothing that was written is ever written again. */
type Part = 'begun' | 'ended';

const FIRST_MONTH = '2026-01';
/** Items of one query. */
const PAGE_ITEMS = 200;

function partition(month: string): string {
  return `AUDIT#${month}`;
}

function monthOf(at: string): string {
  return at.slice(0, FIRST_MONTH.length);
}

function monthBefore(month: string): string {
  const date = new Date(`${month}-01T00:00:00.000Z`);
  date.setUTCMonth(date.getUTCMonth() - 1);
  return monthOf(date.toISOString());
}

function sortKey({ at, id }: AuditPosition): string {
  return `${at}#${id}`;
}

/** The audit log in the single table: a partition for each month, in the order of time. Its items have no time to live. */
export class DynamoAuditLog implements AuditLog {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;
  readonly #now: () => Date;

  constructor(client: DynamoDBDocumentClient, tableName: string, now: () => Date) {
    this.#client = client;
    this.#tableName = tableName;
    this.#now = now;
  }

  async begin(entry: AuditEntry): Promise<void> {
    await this.#put(entry, 'begun');
  }

  async end(entry: AuditEntry): Promise<void> {
    await this.#put(entry, 'ended');
  }

  async list({ action, operator, target, limit, after }: Parameters<AuditLog['list']>[0]) {
    const isAsked = (entry: AuditEntry) =>
      (action === undefined || entry.action === action) &&
      (operator === undefined || entry.operator.name === operator || entry.operator.id === operator) &&
      (target === undefined || entry.target === target);
    const entries: AuditEntry[] = [];
    let month = monthOf(after?.at ?? this.#now().toISOString());
    let before = after && sortKey(after);
    while (month >= FIRST_MONTH) {
      const { items, isLast } = await this.#page(month, before);
      for (const entry of items) {
        if (!isAsked(entry)) continue;
        entries.push(entry);
        if (entries.length === limit) return { entries, next: { at: entry.at, id: entry.id } };
      }
      const last = items.at(-1);
      before = isLast || last === undefined ? undefined : sortKey(last);
      if (before === undefined) month = monthBefore(month);
    }
    return { entries, next: null };
  }

  async #put(entry: AuditEntry, part: Part): Promise<void> {
    const put = new PutCommand({
      TableName: this.#tableName,
      Item: { ...entry, pk: partition(monthOf(entry.at)), sk: `${sortKey(entry)}#${part}` },
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': JOB_TABLE.partitionKey },
    });
    await callAws('the jobs table', () => this.#client.send(put));
  }

  /** The acts of a month before a sort key, the newest first. An act whose end is not written shows as it was begun. */
  async #page(month: string, before: string | undefined) {
    const query = new QueryCommand({
      TableName: this.#tableName,
      KeyConditionExpression: before === undefined ? '#pk = :pk' : '#pk = :pk AND #sk < :before',
      ExpressionAttributeNames: {
        '#pk': JOB_TABLE.partitionKey,
        ...(before === undefined ? {} : { '#sk': JOB_TABLE.sortKey }),
      },
      ExpressionAttributeValues: {
        ':pk': partition(month),
        ...(before === undefined ? {} : { ':before': before }),
      },
      ScanIndexForward: false,
      Limit: PAGE_ITEMS,
    });
    const { Items = [], LastEvaluatedKey } = await callAws('the jobs table', () => this.#client.send(query));
    // Backwards the end of an act comes before its beginning, which says nothing more then.
    const byId = new Map<string, AuditEntry>();
    for (const item of Items) {
      const entry = auditEntrySchema.parse(item);
      if (!byId.has(entry.id)) byId.set(entry.id, entry);
    }
    return { items: [...byId.values()], isLast: LastEvaluatedKey === undefined };
  }
}
