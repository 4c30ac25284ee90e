import type { JobPlaces, PlaceKind, RecountOptions } from '@afterimage/job-core';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws, conditionHolds, isConditionRefused } from './aws-errors.ts';
import { tenantStatus } from './job-item.ts';
import { JOB_TABLE, placesKey } from './job-table.ts';

const counterSchema = z.object({ taken: z.int().default(0), takenAt: z.string().default('') });

/** A counter takes a thousand writes a second; a tenant that may have this many jobs more gets another one. */
const PLACES_PER_SHARD = 5000;
const MAX_SHARDS = 16;
const NO_LIMIT = 1e12;

function shardsOf(limit: number): number {
  return Math.min(MAX_SHARDS, Math.ceil(limit / PLACES_PER_SHARD));
}

/** The part of a whole that belongs to a shard: the parts make the whole, and differ by one at most. */
function partOf(whole: number, shard: number, shards: number): number {
  return Math.floor(whole / shards) + (shard < whole % shards ? 1 : 0);
}

function secondsBefore(time: Date, seconds: number): string {
  return new Date(time.getTime() - seconds * 1000).toISOString();
}

/** Counters of a tenant's jobs in the single table, set to what the index of jobs by status says. */
export class DynamoJobPlaces implements JobPlaces {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;
  readonly #random: () => number;

  /** @param random from 0 to below 1: which counter is tried first */
  constructor(client: DynamoDBDocumentClient, tableName: string, random: () => number) {
    this.#client = client;
    this.#tableName = tableName;
    this.#random = random;
  }

  async take(
    tenantId: string,
    kind: PlaceKind,
    { count, limit, now }: { count: number; limit: number; now: Date },
  ): Promise<number | undefined> {
    const shards = shardsOf(limit);
    for (const shard of this.#inAnyOrder(shards)) {
      const most = partOf(limit, shard, shards);
      const taken = count > most ? undefined : await this.#add(tenantId, kind, shard, { count, most, takenAt: now });
      if (taken !== undefined) return taken / most;
    }
    return undefined;
  }

  async giveBack(tenantId: string, kind: PlaceKind, { count, limit }: { count: number; limit: number }): Promise<void> {
    for (const shard of this.#inAnyOrder(shardsOf(limit))) {
      if (await this.#subtract(tenantId, kind, shard, count)) return;
    }
  }

  async recount(
    tenantId: string,
    kind: PlaceKind,
    { limit, now, everySeconds, quietSeconds }: RecountOptions,
  ): Promise<boolean> {
    const shards = Array.from({ length: shardsOf(limit) }, (_, shard) => shard);
    const before = await Promise.all(shards.map((shard) => this.#counter(tenantId, kind, shard)));
    if (quietSeconds > 0 && before.some(({ takenAt }) => takenAt > secondsBefore(now, quietSeconds))) return false;
    if (!(await this.#lock(tenantId, kind, now, everySeconds))) return false;
    const jobs = await this.#jobs(tenantId, kind, limit);
    // By the difference, so that places that are taken meanwhile stay taken.
    await Promise.all(
      shards.map(async (shard) => {
        const count = partOf(jobs, shard, shards.length) - (before[shard]?.taken ?? 0);
        if (count !== 0) await this.#add(tenantId, kind, shard, { count, most: NO_LIMIT });
      }),
    );
    return true;
  }

  async taken(tenantId: string, kind: PlaceKind, limit: number): Promise<number> {
    const shards = Array.from({ length: shardsOf(limit) }, (_, shard) => this.#counter(tenantId, kind, shard));
    return (await Promise.all(shards)).reduce((sum, { taken }) => sum + taken, 0);
  }

  async #add(
    tenantId: string,
    kind: PlaceKind,
    shard: number,
    { count, most, takenAt }: { count: number; most: number; takenAt?: Date },
  ): Promise<number | undefined> {
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: placesKey(tenantId, kind, shard),
      UpdateExpression: `${takenAt === undefined ? '' : 'SET #takenAt = :takenAt '}ADD #taken :count`,
      ConditionExpression: 'attribute_not_exists(#taken) OR #taken <= :room',
      ExpressionAttributeNames: { '#taken': 'taken', ...(takenAt === undefined ? {} : { '#takenAt': 'takenAt' }) },
      ExpressionAttributeValues: {
        ':count': count,
        ':room': most - count,
        ...(takenAt === undefined ? {} : { ':takenAt': takenAt.toISOString() }),
      },
      ReturnValues: 'ALL_NEW',
    });
    try {
      const { Attributes } = await callAws('the jobs table', () => this.#client.send(update));
      return counterSchema.parse(Attributes).taken;
    } catch (error) {
      if (isConditionRefused(error)) return undefined;
      throw error;
    }
  }

  /** False of a counter that has less than that. */
  #subtract(tenantId: string, kind: PlaceKind, shard: number, count: number): Promise<boolean> {
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: placesKey(tenantId, kind, shard),
      UpdateExpression: 'ADD #taken :less',
      ConditionExpression: '#taken >= :count',
      ExpressionAttributeNames: { '#taken': 'taken' },
      ExpressionAttributeValues: { ':less': -count, ':count': count },
    });
    return conditionHolds('the jobs table', () => this.#client.send(update));
  }

  /** The counters, from one of them on. */
  #inAnyOrder(shards: number): number[] {
    const first = Math.floor(this.#random() * shards);
    return Array.from({ length: shards }, (_, offset) => (first + offset) % shards);
  }

  /** Whoever gets through is the only one to count in this time. */
  async #lock(tenantId: string, kind: PlaceKind, now: Date, everySeconds: number): Promise<boolean> {
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: placesKey(tenantId, kind, 0),
      UpdateExpression: 'SET #countedAt = :now',
      ConditionExpression: 'attribute_not_exists(#countedAt) OR #countedAt <= :before',
      ExpressionAttributeNames: { '#countedAt': 'countedAt' },
      ExpressionAttributeValues: {
        ':now': now.toISOString(),
        ':before': secondsBefore(now, everySeconds),
      },
    });
    return conditionHolds('the jobs table', () => this.#client.send(update));
  }

  async #counter(tenantId: string, kind: PlaceKind, shard: number): Promise<z.infer<typeof counterSchema>> {
    const get = new GetCommand({
      TableName: this.#tableName,
      Key: placesKey(tenantId, kind, shard),
      ConsistentRead: true,
    });
    const { Item = {} } = await callAws('the jobs table', () => this.#client.send(get));
    return counterSchema.parse(Item);
  }

  /** No more than `limit` are counted. */
  async #jobs(tenantId: string, kind: PlaceKind, limit: number): Promise<number> {
    const { name, partitionKey } = JOB_TABLE.indexes.byTenantStatus;
    let jobs = 0;
    let from: Readonly<Record<string, unknown>> | undefined;
    do {
      const query = new QueryCommand({
        TableName: this.#tableName,
        IndexName: name,
        KeyConditionExpression: '#partition = :partition',
        ExpressionAttributeNames: { '#partition': partitionKey },
        ExpressionAttributeValues: { ':partition': tenantStatus(tenantId, kind) },
        Select: 'COUNT',
        Limit: limit - jobs,
        ExclusiveStartKey: from,
      });
      const page = await callAws('the jobs table', () => this.#client.send(query));
      jobs += page.Count ?? 0;
      from = page.LastEvaluatedKey;
    } while (from !== undefined && jobs < limit);
    return jobs;
  }
}
