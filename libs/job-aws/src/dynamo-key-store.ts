import type { ApiKey, KeyStore } from '@afterimage/job-core';
import { scopeSchema } from '@afterimage/job-schemas';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws, isConditionRefused } from './aws-errors.ts';
import { apiKeyKey, JOB_TABLE, tenantApiKeyKey } from './job-table.ts';
import { queryPointers } from './query-pointers.ts';

const apiKeySchema = z.object({
  keyId: z.string(),
  tenantId: z.string(),
  // Keys that were made before keys had names.
  name: z.string().default(''),
  scopes: z.array(scopeSchema),
  secretSha256: z.string(),
  createdAt: z.string(),
  revokedAt: z.string().nullable(),
});

/**
 * API keys in the single table. Only the hash of a secret is ever stored. Beside the item of a key, by which it is looked
 * up, its tenant has an item that names it: the table's indexes are made for jobs.
 */
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
    const { keyId, tenantId } = key;
    // The name first: one that leads nowhere is passed over, but a key that is in no list could not be revoked.
    for (const Item of [
      { ...tenantApiKeyKey(tenantId, keyId), keyId },
      { ...key, ...apiKeyKey(keyId) },
    ]) {
      const put = new PutCommand({ TableName: this.#tableName, Item });
      await callAws('the jobs table', () => this.#client.send(put));
    }
  }

  async listByTenant(tenantId: string): Promise<ApiKey[]> {
    const { pk, sk } = tenantApiKeyKey(tenantId, '');
    const { found } = await queryPointers(this.#client, this.#tableName, {
      pk,
      skPrefix: sk,
      keyOf: (item) => apiKeyKey(z.object({ keyId: z.string() }).parse(item).keyId),
    });
    const keys = found.map((item) => apiKeySchema.parse(item));
    return keys.sort((a, b) => (`${a.createdAt}#${a.keyId}` < `${b.createdAt}#${b.keyId}` ? 1 : -1));
  }

  async endBy(keyId: string, at: string): Promise<ApiKey | undefined> {
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: apiKeyKey(keyId),
      UpdateExpression: 'SET #revokedAt = :at',
      ConditionExpression: 'attribute_exists(#pk) AND (#revokedAt = :never OR #revokedAt > :at)',
      ExpressionAttributeNames: { '#pk': JOB_TABLE.partitionKey, '#revokedAt': 'revokedAt' },
      ExpressionAttributeValues: { ':at': at, ':never': null },
      ReturnValues: 'ALL_NEW',
    });
    try {
      const { Attributes } = await callAws('the jobs table', () => this.#client.send(update));
      return apiKeySchema.parse(Attributes);
    } catch (error) {
      if (isConditionRefused(error)) return this.get(keyId);
      throw error;
    }
  }
}
