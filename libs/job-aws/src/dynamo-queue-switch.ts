import type { QueueSwitch } from '@afterimage/job-core';
import { type Priority, prioritySchema } from '@afterimage/job-schemas';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws } from './aws-errors.ts';
import { poolSwitchKey } from './job-table.ts';

/** An attribute for each queue that was ever paused: whether it still is. */
const switchSchema = z.partialRecord(prioritySchema, z.boolean());

/** Which queues are paused, one item for each pool in the single table. */
export class DynamoQueueSwitch implements QueueSwitch {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async pausedOf(pool: string): Promise<ReadonlySet<Priority>> {
    const get = new GetCommand({ TableName: this.#tableName, Key: poolSwitchKey(pool) });
    const { Item } = await callAws('the jobs table', () => this.#client.send(get));
    const given = prioritySchema.options.map((priority) => [priority, Item?.[priority]] as const);
    const paused = switchSchema.parse(Object.fromEntries(given.filter(([, value]) => value !== undefined)));
    return new Set(prioritySchema.options.filter((priority) => paused[priority] === true));
  }

  async setPaused(pool: string, priority: Priority, isPaused: boolean): Promise<void> {
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: poolSwitchKey(pool),
      UpdateExpression: 'SET #priority = :isPaused',
      ExpressionAttributeNames: { '#priority': priority },
      ExpressionAttributeValues: { ':isPaused': isPaused },
    });
    await callAws('the jobs table', () => this.#client.send(update));
  }
}
