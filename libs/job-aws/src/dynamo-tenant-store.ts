import type { Tenant, TenantStore } from '@afterimage/job-core';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws } from './aws-errors.ts';
import { tenantKey } from './job-table.ts';

const tenantSchema = z.object({ tenantId: z.string(), webhookSecrets: z.array(z.string()) });

/** Profiles of tenants in the single table. */
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
    const put = new PutCommand({ TableName: this.#tableName, Item: { ...tenant, ...tenantKey(tenant.tenantId) } });
    await callAws('the jobs table', () => this.#client.send(put));
  }
}
