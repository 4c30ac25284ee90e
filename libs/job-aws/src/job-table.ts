/** Keys and indexes of the single table as data: read by the adapters here, the infrastructure and the local stack. */
import { createHash } from 'node:crypto';
import { LIMITS } from '@afterimage/job-schemas';
import type { CreateTableCommandInput, KeySchemaElement } from '@aws-sdk/client-dynamodb';

interface TableIndex {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly projection: 'ALL' | 'KEYS_ONLY';
}

export const JOB_TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Epoch seconds after which DynamoDB may delete the item. */
  timeToLive: 'ttl',
  indexes: {
    byTenant: { name: 'byTenant', partitionKey: 'tenantId', sortKey: 'createdAtId', projection: 'ALL' },
    byTenantStatus: { name: 'byTenantStatus', partitionKey: 'tenantStatus', sortKey: 'createdAtId', projection: 'ALL' },
    /** Sparse: the jobs of batches. */
    byBatch: { name: 'byBatch', partitionKey: 'batchId', sortKey: 'createdAtId', projection: 'ALL' },
    /** Sparse: only items that somebody must move on have its keys. The table's keys tell kind and id. */
    byDue: { name: 'byDue', partitionKey: 'dueShard', sortKey: 'dueAt', projection: 'KEYS_ONLY' },
    /** Sparse: deliveries to the endpoint, not those to a webhook that a job names. */
    byEndpoint: { name: 'byEndpoint', partitionKey: 'endpointId', sortKey: 'deliverySort', projection: 'ALL' },
  },
} as const satisfies {
  partitionKey: string;
  sortKey: string;
  timeToLive: string;
  indexes: Readonly<Record<string, TableIndex>>;
};

/** Partitions of the `byDue` index: enough that no one of them is hot. */
export const DUE_SHARDS = 16;

/** Every partition key of the `byDue` index. */
export function dueShards(): string[] {
  return Array.from({ length: DUE_SHARDS }, (_, shard) => `DUE#${shard}`);
}

/** The partition of the `byDue` index that an item belongs to, by a hash of its id. */
export function dueShardOf(id: string): string {
  return `DUE#${createHash('sha256').update(id).digest().readUInt32BE() % DUE_SHARDS}`;
}

/** The index attributes of an item that is due; none when nobody has to move it on. */
export function dueKeys(id: string, dueAt: string | null): { dueShard?: string; dueAt?: string } {
  return dueAt === null ? {} : { dueShard: dueShardOf(id), dueAt };
}

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

export const JOB_ITEM = { prefix: 'JOB#', sk: 'JOB' } as const;
export const BATCH_ITEM = { prefix: 'BATCH#', sk: 'BATCH' } as const;
export const DELIVERY_ITEM = { prefix: 'WHD#', sk: 'WHD' } as const;

export function jobKey(jobId: string): ItemKey {
  return { pk: `${JOB_ITEM.prefix}${jobId}`, sk: JOB_ITEM.sk };
}

export function batchKey(batchId: string): ItemKey {
  return { pk: `${BATCH_ITEM.prefix}${batchId}`, sk: BATCH_ITEM.sk };
}

type BatchContent = Readonly<{ id: string; fingerprint: string }>;

/** Where the sort keys of a batch's requests begin. They contain its fingerprint: what differs lies apart. */
export function batchRequestsOf({ id, fingerprint }: BatchContent): { readonly pk: string; readonly skPrefix: string } {
  return { pk: batchKey(id).pk, skPrefix: `REQ#${fingerprint}#` };
}

export function batchRequestsKey(batch: BatchContent, part: number): ItemKey {
  const { pk, skPrefix } = batchRequestsOf(batch);
  return { pk, sk: `${skPrefix}${String(part).padStart(3, '0')}` };
}

export function deliveryKey(deliveryId: string): ItemKey {
  return { pk: `${DELIVERY_ITEM.prefix}${deliveryId}`, sk: DELIVERY_ITEM.sk };
}

const ENDPOINT_PREFIX = 'WHE#';

/** The partition of a tenant's endpoints, and where their sort keys begin. */
export function endpointsOf(tenantId: string): { readonly pk: string; readonly skPrefix: string } {
  return { pk: tenantKey(tenantId).pk, skPrefix: ENDPOINT_PREFIX };
}

export function endpointKey(tenantId: string, endpointId: string): ItemKey {
  return { pk: tenantKey(tenantId).pk, sk: `${ENDPOINT_PREFIX}${endpointId}` };
}

/** What is known of a receiver of webhooks: `HEALTH` or `SLOTS`. */
export function targetKey(key: string, sk: 'HEALTH' | 'SLOTS'): ItemKey {
  return { pk: `TARGET#${key}`, sk };
}

export function apiKeyKey(keyId: string): ItemKey {
  return { pk: `KEY#${keyId}`, sk: 'KEY' };
}

/** The places in which the tenant's requests wait. */
export function waitersKey(tenantId: string): ItemKey {
  return { pk: tenantKey(tenantId).pk, sk: 'WAITERS' };
}

export function tenantKey(tenantId: string): ItemKey {
  return { pk: `TENANT#${tenantId}`, sk: 'PROFILE' };
}

/** Names a key of the tenant. */
export function tenantApiKeyKey(tenantId: string, keyId: string): ItemKey {
  return { pk: tenantKey(tenantId).pk, sk: `KEY#${keyId}` };
}

/** Names a tenant, for operators. */
export function tenantNameKey(tenantId: string): ItemKey {
  return { pk: 'TENANTS', sk: `TENANT#${tenantId}` };
}

/** A counter of a tenant's jobs. */
export function placesKey(tenantId: string, kind: string, shard: number): ItemKey {
  return { pk: `PLACES#${tenantId}#${kind}#${shard}`, sk: 'PLACES' };
}

/** What a job used. */
export function usageKey(tenantId: string, day: string, jobId: string): ItemKey {
  return { pk: `USAGE#${tenantId}#${day}`, sk: jobId };
}

/** What a worker tells of itself. */
export function workerKey(pool: string, workerId: string): ItemKey {
  return { pk: `WORKERS#${pool}`, sk: workerId };
}

/** What operators want of the workers of a pool. */
export function poolSwitchKey(pool: string): ItemKey {
  return { pk: `POOL#${pool}`, sk: 'SWITCH' };
}

/** A window of a rate limit. */
export function rateKey(windowId: string): ItemKey {
  return { pk: `RATE#${windowId}`, sk: 'RATE' };
}

const DAY_SECONDS = 86_400;

/** Time to live of the record of a job, and of what belongs to it, in epoch seconds. */
export function recordTtl(createdAt: string): number {
  return Math.floor(Date.parse(createdAt) / 1000) + LIMITS.recordDays * DAY_SECONDS;
}

/** Time to live of requests whose jobs nobody made: they hold prompts, and are not kept for ever. */
export function requestsTtl(createdAt: string): number {
  return Math.floor(Date.parse(createdAt) / 1000) + LIMITS.uploadDays * DAY_SECONDS;
}

function keySchema(partitionKey: string, sortKey: string): KeySchemaElement[] {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ];
}

/** CreateTable input, without the time to live: DynamoDB sets that by a call of its own. */
export function createTableInput(tableName: string): CreateTableCommandInput {
  const indexes = Object.values(JOB_TABLE.indexes);
  const keyAttributes = new Set([JOB_TABLE, ...indexes].flatMap((keys) => [keys.partitionKey, keys.sortKey]));
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(JOB_TABLE.partitionKey, JOB_TABLE.sortKey),
    AttributeDefinitions: [...keyAttributes].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partitionKey, index.sortKey),
      Projection: { ProjectionType: index.projection },
    })),
  };
}
