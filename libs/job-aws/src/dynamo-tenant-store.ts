import type { Tenant, TenantStore } from '@afterimage/job-core';
import { type QuotaOverrides, quotaOverridesSchema } from '@afterimage/job-schemas';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws, conditionHolds } from './aws-errors.ts';
import { JOB_TABLE, tenantKey, tenantNameKey } from './job-table.ts';
import { queryPointers } from './query-pointers.ts';

const tenantSchema = z.object({
  tenantId: z.string(),
  webhookSecrets: z.array(z.string()),
  quotas: quotaOverridesSchema.default({}),
});

/** Profiles of tenants in the single table, and one partition that names them all for operators. */
export class DynamoTenantStore implements TenantStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async get(tenantId: string): Promise<Tenant | undefined> {
    const get = new GetCommand({ TableName: this.#tableName, Key: tenantKey(tenantId), ConsistentRead: true });
    const { Item } = await callAws('the jobs table', () => this.#client.send(get));
    return Item === undefined ? undefined : tenantSchema.parse(Item);
  }

  async put(tenant: Tenant): Promise<void> {
    await this.#name(tenant.tenantId);
    const put = new PutCommand({ TableName: this.#tableName, Item: { ...tenant, ...tenantKey(tenant.tenantId) } });
    await callAws('the jobs table', () => this.#client.send(put));
  }

  async create(tenant: Tenant): Promise<boolean> {
    await this.#name(tenant.tenantId);
    const put = new PutCommand({
      TableName: this.#tableName,
      Item: { ...tenant, ...tenantKey(tenant.tenantId) },
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': JOB_TABLE.partitionKey },
    });
    return conditionHolds('the jobs table', () => this.#client.send(put));
  }

  async setQuotas(tenantId: string, quotas: QuotaOverrides): Promise<boolean> {
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: tenantKey(tenantId),
      UpdateExpression: 'SET #quotas = :quotas',
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: { '#pk': JOB_TABLE.partitionKey, '#quotas': 'quotas' },
      ExpressionAttributeValues: { ':quotas': quotas },
    });
    return conditionHolds('the jobs table', () => this.#client.send(update));
  }

  async list({ limit, after }: { limit: number; after?: string }): Promise<{ tenants: Tenant[]; next: string | null }> {
    const { pk, sk: skPrefix } = tenantNameKey('');
    const { found, lastSk } = await queryPointers(this.#client, this.#tableName, {
      pk,
      skPrefix,
      keyOf: (item) => tenantKey(z.object({ tenantId: z.string() }).parse(item).tenantId),
      limit,
      ...(after === undefined ? {} : { after: tenantNameKey(after).sk }),
    });
    const next = lastSk === null ? null : lastSk.slice(skPrefix.length);
    return { tenants: found.map((item) => tenantSchema.parse(item)), next };
  }

  /** Before the profile: a name that leads nowhere is passed over. */
  async #name(tenantId: string): Promise<void> {
    const put = new PutCommand({ TableName: this.#tableName, Item: { ...tenantNameKey(tenantId), tenantId } });
    await callAws('the jobs table', () => this.#client.send(put));
  }
}
