import type { ApiKey, KeyStore } from '@afterimage/job-core';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws } from './aws-errors.ts';
import { apiKeyKey } from './job-table.ts';

const apiKeySchema = z.object({
  keyId: z.string(),
  tenantId: z.string(),
  scopes: z.array(z.string()),
  secretSha256: z.string(),
  createdAt: z.string(),
  revokedAt: z.string().nullable(),
});

/** API keys in the single table. Only the hash of a secret is ever stored. */
export class DynamoKeyStore implements KeyStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async get(keyId: string): Promise<ApiKey | undefined> {
    const get = new GetCommand({ TableName: this.#tableName, Key: apiKeyKey(keyId), ConsistentRead: true });
    const { Item } = await callAws('the jobs table', () => this.#client.send(get));
    return Item === undefined ? undefined : apiKeySchema.parse(Item);
  }

  async put(key: ApiKey): Promise<void> {
    const put = new PutCommand({ TableName: this.#tableName, Item: { ...key, ...apiKeyKey(key.keyId) } });
    await callAws('the jobs table', () => this.#client.send(put));
  }
}
