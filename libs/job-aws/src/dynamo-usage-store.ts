import type { JobUsage, UsageOfModel, UsageStore } from '@afterimage/job-core';
import { LIMITS } from '@afterimage/job-schemas';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws } from './aws-errors.ts';
import { JOB_TABLE, usageKey } from './job-table.ts';
import { queryItems } from './query-items.ts';

const rowSchema = z.object({ model: z.string(), images: z.int(), engineMs: z.number() });

/** One small item a job, by tenant and day: putting it again is the same, which no counter could be. */
export class DynamoUsageStore implements UsageStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async record({ tenantId, jobId, day, model, images, engineMs }: JobUsage): Promise<void> {
    const ttl = Math.floor(Date.parse(day) / 1000) + LIMITS.usageKeptDays * 86_400;
    const put = new PutCommand({
      TableName: this.#tableName,
      Item: { ...usageKey(tenantId, day, jobId), model, images, engineMs, [JOB_TABLE.timeToLive]: ttl },
    });
    await callAws('the jobs table', () => this.#client.send(put));
  }

  async ofDay(tenantId: string, day: string): Promise<UsageOfModel[]> {
    const byModel = new Map<string, UsageOfModel>();
    const items = queryItems(this.#client, {
      TableName: this.#tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': usageKey(tenantId, day, '').pk },
    });
    for await (const item of items) {
      const { model, images, engineMs } = rowSchema.parse(item);
      const sum = byModel.get(model) ?? { model, jobs: 0, images: 0, engineMs: 0 };
      byModel.set(model, {
        model,
        jobs: sum.jobs + 1,
        images: sum.images + images,
        engineMs: sum.engineMs + engineMs,
      });
    }
    return [...byModel.values()].sort((a, b) => (a.model < b.model ? -1 : 1));
  }
}
