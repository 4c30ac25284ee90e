import type { JobQuery, ListPosition } from '@afterimage/job-core';
import { createdAtId, tenantStatus } from './job-item.ts';
import { JOB_TABLE, jobKey } from './job-table.ts';

type Key = Readonly<Record<string, unknown>>;

export interface CompiledJobQuery {
  readonly input: {
    readonly IndexName: string;
    readonly KeyConditionExpression: string;
    readonly FilterExpression?: string;
    readonly ExpressionAttributeNames: Record<string, string>;
    readonly ExpressionAttributeValues: Record<string, unknown>;
    readonly ScanIndexForward: false;
    readonly Limit: number;
  };
  readonly startKey: Key | undefined;
  /** The position that a key of the index stands for. */
  positionOf(key: Key | undefined): ListPosition | null;
}

/** Items that one read of a filtered list looks at. */
const FILTERED_READ = 100;

// Sort keys are `<time>#<id>`. `$` is the character after `#` and `:` the one after `9`, so that these bounds leave out
// the given times themselves, and include every time when none is given.
const lowerBound = (createdAfter: string | undefined) => (createdAfter === undefined ? '0' : `${createdAfter}$`);
const upperBound = (createdBefore: string | undefined) => createdBefore ?? ':';

/** The index with the fewest other jobs, and what it does not tell apart. */
function placeOf({ tenantId, status, model, batchId }: JobQuery) {
  const { byTenant, byTenantStatus, byBatch } = JOB_TABLE.indexes;
  const given = (filters: Readonly<Record<string, string | undefined>>) =>
    Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
  // The batch may be another tenant's.
  if (batchId !== undefined) return { index: byBatch, partition: batchId, filters: given({ tenantId, status, model }) };
  if (status === undefined) return { index: byTenant, partition: tenantId, filters: given({ model }) };
  return { index: byTenantStatus, partition: tenantStatus(tenantId, status), filters: given({ model }) };
}

/** Compiles a list to a query of one index, newest first; undefined when no time can match. */
export function compileJobQuery(query: JobQuery): CompiledJobQuery | undefined {
  const { after } = query;
  const lower = lowerBound(query.createdAfter);
  const upper = upperBound(query.createdBefore);
  if (lower > upper) return undefined;
  const { index, partition, filters } = placeOf(query);
  const conditions = Object.keys(filters).map((name) => `#${name} = :${name}`);
  return {
    input: {
      IndexName: index.name,
      KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :lower AND :upper',
      ...(conditions.length === 0 ? {} : { FilterExpression: conditions.join(' AND ') }),
      ExpressionAttributeNames: {
        '#partition': index.partitionKey,
        '#sort': index.sortKey,
        ...Object.fromEntries(Object.keys(filters).map((name) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ':partition': partition,
        ':lower': lower,
        ':upper': upper,
        ...Object.fromEntries(Object.entries(filters).map(([name, value]) => [`:${name}`, value])),
      },
      ScanIndexForward: false,
      // One more than asked for tells whether there is a next page.
      Limit: conditions.length === 0 ? query.limit + 1 : Math.max(query.limit + 1, FILTERED_READ),
    },
    startKey:
      after === undefined
        ? undefined
        : {
            ...jobKey(after.id),
            [index.partitionKey]: partition,
            [index.sortKey]: createdAtId(after.createdAt, after.id),
          },
    positionOf(key) {
      const sort = key?.[index.sortKey];
      if (typeof sort !== 'string') return null;
      const [createdAt = '', id = ''] = sort.split('#');
      return { createdAt, id };
    },
  };
}
