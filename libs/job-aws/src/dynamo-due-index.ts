import type { DueIndex, DueItem } from '@afterimage/job-core';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws } from './aws-errors.ts';
import { BATCH_ITEM, DELIVERY_ITEM, dueShards, JOB_ITEM, JOB_TABLE } from './job-table.ts';

const indexItemSchema = z.object({
  pk: z.string(),
  sk: z.enum([JOB_ITEM.sk, BATCH_ITEM.sk, DELIVERY_ITEM.sk]),
  dueAt: z.string(),
});

const KINDS = {
  [JOB_ITEM.sk]: { kind: 'job', prefix: JOB_ITEM.prefix },
  [BATCH_ITEM.sk]: { kind: 'batch', prefix: BATCH_ITEM.prefix },
  [DELIVERY_ITEM.sk]: { kind: 'delivery', prefix: DELIVERY_ITEM.prefix },
} as const;

function toDueItem(item: unknown): DueItem {
  const { pk, sk, dueAt } = indexItemSchema.parse(item);
  const { kind, prefix } = KINDS[sk];
  return { kind, id: pk.slice(prefix.length), dueAt };
}

/** The sparse `byDue` index; every shard is asked at the same time. */
export class DynamoDueIndex implements DueIndex {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async listDue(now: string, limit: number): Promise<DueItem[]> {
    const shards = await Promise.all(dueShards().map((shard) => this.#listShard(shard, now, limit)));
    return shards.flat();
  }

  async #listShard(shard: string, now: string, limit: number): Promise<DueItem[]> {
    const { name, partitionKey, sortKey } = JOB_TABLE.indexes.byDue;
    const query = new QueryCommand({
      TableName: this.#tableName,
      IndexName: name,
      KeyConditionExpression: '#shard = :shard AND #due <= :now',
      ExpressionAttributeNames: { '#shard': partitionKey, '#due': sortKey },
      ExpressionAttributeValues: { ':shard': shard, ':now': now },
      Limit: limit,
    });
    const { Items = [] } = await callAws('the jobs table', () => this.#client.send(query));
    return Items.map(toDueItem);
  }
}
