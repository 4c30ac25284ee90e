import type { ListedWorker, WorkerRecord, WorkerRegistry, WorkerWishes } from '@afterimage/job-core';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws, conditionHolds } from './aws-errors.ts';
import { JOB_TABLE, workerKey } from './job-table.ts';
import { queryItems } from './query-items.ts';

const recordSchema = z.object({
  workerId: z.string(),
  pool: z.string(),
  engine: z.string(),
  state: z.string(),
  model: z.string().nullable(),
  jobs: z.array(z.object({ jobId: z.string(), attempt: z.int(), leaseAgeMs: z.number() })),
  hasSpotNotice: z.boolean(),
  startedAt: z.string(),
  seenAt: z.string(),
});

/** When the process started that is to end. */
const DRAIN_ATTRIBUTE = 'drainStartedAt';
const drainSchema = z.object({ startedAt: z.string(), [DRAIN_ATTRIBUTE]: z.string().optional() });

function wishesOf(item: unknown): WorkerWishes {
  const { startedAt, [DRAIN_ATTRIBUTE]: drain } = drainSchema.parse(item);
  return { isDrainRequested: drain === startedAt };
}

/** How long an item outlives its worker. */
const KEPT_SECONDS = 3600;

/** What workers tell of themselves, one item each in the single table, by pool. */
export class DynamoWorkerRegistry implements WorkerRegistry {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async report(record: WorkerRecord): Promise<WorkerWishes> {
    const ttl = Math.floor(Date.parse(record.seenAt) / 1000) + KEPT_SECONDS;
    const attributes = Object.entries({ ...record, [JOB_TABLE.timeToLive]: ttl });
    // Not a put, which a worker has no right to: it makes no other items.
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: workerKey(record.pool, record.workerId),
      UpdateExpression: `SET ${attributes.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(attributes.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(attributes.map(([name, value]) => [`:${name}`, value])),
      ReturnValues: 'ALL_NEW',
    });
    const { Attributes } = await callAws('the jobs table', () => this.#client.send(update));
    return wishesOf(Attributes);
  }

  async listByPool(pool: string, seenSince: string): Promise<ListedWorker[]> {
    const items = queryItems(this.#client, {
      TableName: this.#tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': workerKey(pool, '').pk },
    });
    const workers: ListedWorker[] = [];
    for await (const item of items) workers.push({ ...recordSchema.parse(item), ...wishesOf(item) });
    return workers.filter(({ seenAt }) => seenAt >= seenSince);
  }

  async requestDrain({ pool, workerId, startedAt }: Parameters<WorkerRegistry['requestDrain']>[0]): Promise<boolean> {
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: workerKey(pool, workerId),
      UpdateExpression: 'SET #drain = :startedAt',
      ConditionExpression: '#startedAt = :startedAt',
      ExpressionAttributeNames: { '#drain': DRAIN_ATTRIBUTE, '#startedAt': 'startedAt' },
      ExpressionAttributeValues: { ':startedAt': startedAt },
    });
    return conditionHolds('the jobs table', () => this.#client.send(update));
  }
}
