import type { FreePlaces, JobPlaces, PlaceKind, RecountOptions } from '@afterimage/job-core';
import type { JobStatus } from '@afterimage/job-schemas';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, QueryCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws, conditionHolds, isConditionRefused } from './aws-errors.ts';
import { tenantStatus } from './job-item.ts';
import { JOB_TABLE, placesKey } from './job-table.ts';

const counterSchema = z.object({ taken: z.int().default(0), takenAt: z.string().default('') });
type Counter = z.infer<typeof counterSchema>;
type Update = Pick<UpdateCommandInput, 'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;

const STATUSES: Readonly<Record<PlaceKind, readonly JobStatus[]>> = {
  queued: ['queued'],
  running: ['running', 'canceling'],
};
/** A counter takes a thousand writes a second; a tenant that may have this many jobs more gets another one. */
const PLACES_PER_SHARD = 5000;
const MAX_SHARDS = 16;
/** A count that takes longer is given up; whoever dies over it keeps nobody from giving places back for longer. */
const COUNTING_SECONDS = 2;
/** Later than any ISO time. */
const END_OF_TIME = '~';

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

  async giveBack(tenantId: string, kind: PlaceKind, free: FreePlaces): Promise<void> {
    const update = { UpdateExpression: 'ADD #taken :less', ExpressionAttributeValues: { ':less': -free.count } };
    await this.#changeHeld(tenantId, kind, free, update);
  }

  handOn(
    tenantId: string,
    kind: PlaceKind,
    { now, ...free }: Required<FreePlaces> & { readonly now: Date },
  ): Promise<boolean> {
    const update = {
      UpdateExpression: 'SET #takenAt = :takenAt',
      ExpressionAttributeNames: { '#takenAt': 'takenAt' },
      ExpressionAttributeValues: { ':takenAt': now.toISOString() },
    };
    return this.#changeHeld(tenantId, kind, free, update);
  }

  async recount(
    tenantId: string,
    kind: PlaceKind,
    { limit, now, everySeconds, quietSeconds }: RecountOptions,
  ): Promise<boolean> {
    const startedAtMs = performance.now();
    const timeNow = () => new Date(now.getTime() + performance.now() - startedAtMs);
    const shards = Array.from({ length: shardsOf(limit) }, (_, shard) => shard);
    const onEach = <T>(work: (shard: number) => Promise<T>) => Promise.all(shards.map(work));
    const readCounters = () => onEach((shard) => this.#counter(tenantId, kind, shard));
    const settle = (settledAt: string, count = (_shard: number) => 0) =>
      onEach((shard) => this.#adjust(tenantId, kind, shard, { count: count(shard), settledAt }));
    const isQuiet = (counters: readonly Counter[]) =>
      quietSeconds === 0 || counters.every(({ takenAt }) => takenAt <= secondsBefore(now, quietSeconds));
    if (!isQuiet(await readCounters())) return false;
    if (!(await this.#lock(tenantId, kind, now, everySeconds))) return false;
    // From here on nobody gives a place back of whose job it is not known whether it is counted.
    const countedBy = secondsBefore(timeNow(), -COUNTING_SECONDS);
    await settle(countedBy);
    const before = await readCounters();
    if (!isQuiet(before)) {
      await settle(timeNow().toISOString());
      return false;
    }
    const jobs = await this.#jobs(tenantId, kind, limit);
    const settledAt = timeNow().toISOString();
    // Places of jobs that were not counted may have been given back since, and another one may count.
    if (settledAt >= countedBy) return false;
    // By the difference, so that places that are taken meanwhile stay taken.
    await settle(settledAt, (shard) => partOf(jobs, shard, shards.length) - (before[shard]?.taken ?? 0));
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
    { count, most, takenAt }: { count: number; most: number; takenAt: Date },
  ): Promise<number | undefined> {
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: placesKey(tenantId, kind, shard),
      UpdateExpression: 'SET #takenAt = :takenAt ADD #taken :count',
      ConditionExpression: 'attribute_not_exists(#taken) OR #taken <= :room',
      ExpressionAttributeNames: { '#taken': 'taken', '#takenAt': 'takenAt' },
      ExpressionAttributeValues: { ':count': count, ':room': most - count, ':takenAt': takenAt.toISOString() },
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

  async #adjust(
    tenantId: string,
    kind: PlaceKind,
    shard: number,
    { count, settledAt }: { count: number; settledAt: string },
  ): Promise<void> {
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: placesKey(tenantId, kind, shard),
      UpdateExpression: 'SET #settledAt = :settledAt ADD #taken :count',
      ExpressionAttributeNames: { '#settledAt': 'settledAt', '#taken': 'taken' },
      ExpressionAttributeValues: { ':settledAt': settledAt, ':count': count },
    });
    await callAws('the jobs table', () => this.#client.send(update));
  }

  /** Changes the first counter that has that many places, not counted anew since they were held. False when there is none. */
  async #changeHeld(
    tenantId: string,
    kind: PlaceKind,
    { count, limit, heldUntil }: FreePlaces,
    { UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues }: Update,
  ): Promise<boolean> {
    for (const shard of this.#inAnyOrder(shardsOf(limit))) {
      const update = new UpdateCommand({
        TableName: this.#tableName,
        Key: placesKey(tenantId, kind, shard),
        UpdateExpression,
        ConditionExpression: '#taken >= :count AND (attribute_not_exists(#settledAt) OR #settledAt < :heldUntil)',
        ExpressionAttributeNames: { ...ExpressionAttributeNames, '#taken': 'taken', '#settledAt': 'settledAt' },
        ExpressionAttributeValues: {
          ...ExpressionAttributeValues,
          ':count': count,
          ':heldUntil': heldUntil?.toISOString() ?? END_OF_TIME,
        },
      });
      if (await conditionHolds('the jobs table', () => this.#client.send(update))) return true;
    }
    return false;
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

  async #counter(tenantId: string, kind: PlaceKind, shard: number): Promise<Counter> {
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
    const counts = await Promise.all(STATUSES[kind].map((status) => this.#jobsWith(tenantId, status, limit)));
    return Math.min(
      limit,
      counts.reduce((sum, count) => sum + count, 0),
    );
  }

  async #jobsWith(tenantId: string, status: JobStatus, limit: number): Promise<number> {
    const { name, partitionKey } = JOB_TABLE.indexes.byTenantStatus;
    let jobs = 0;
    let from: Readonly<Record<string, unknown>> | undefined;
    do {
      const query = new QueryCommand({
        TableName: this.#tableName,
        IndexName: name,
        KeyConditionExpression: '#partition = :partition',
        ExpressionAttributeNames: { '#partition': partitionKey },
        ExpressionAttributeValues: { ':partition': tenantStatus(tenantId, status) },
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
