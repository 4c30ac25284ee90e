import type { WebhookEndpointStore } from '@afterimage/job-core';
import { type WebhookEndpointRecord, webhookEndpointRecordSchema } from '@afterimage/job-schemas';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { callAws, conditionHolds } from './aws-errors.ts';
import { endpointKey, endpointsOf, JOB_TABLE } from './job-table.ts';
import { queryItems } from './query-items.ts';

/** Webhook endpoints in the single table, under their tenant. */
export class DynamoWebhookEndpointStore implements WebhookEndpointStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async create(endpoint: WebhookEndpointRecord): Promise<boolean> {
    const put = new PutCommand({
      TableName: this.#tableName,
      Item: { ...endpoint, ...endpointKey(endpoint.tenantId, endpoint.id) },
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': JOB_TABLE.partitionKey },
    });
    return conditionHolds('the jobs table', () => this.#client.send(put));
  }

  async get(tenantId: string, endpointId: string): Promise<WebhookEndpointRecord | undefined> {
    const Key = endpointKey(tenantId, endpointId);
    const get = new GetCommand({ TableName: this.#tableName, Key, ConsistentRead: true });
    const { Item } = await callAws('the jobs table', () => this.#client.send(get));
    return Item === undefined ? undefined : webhookEndpointRecordSchema.parse(Item);
  }

  async list(tenantId: string): Promise<WebhookEndpointRecord[]> {
    const { pk, skPrefix } = endpointsOf(tenantId);
    const items = queryItems(this.#client, {
      TableName: this.#tableName,
      KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
      ExpressionAttributeNames: { '#pk': JOB_TABLE.partitionKey, '#sk': JOB_TABLE.sortKey },
      ExpressionAttributeValues: { ':pk': pk, ':prefix': skPrefix },
      ConsistentRead: true,
    });
    const endpoints: WebhookEndpointRecord[] = [];
    for await (const item of items) endpoints.push(webhookEndpointRecordSchema.parse(item));
    return endpoints;
  }

  async replace(endpoint: WebhookEndpointRecord): Promise<boolean> {
    const put = new PutCommand({
      TableName: this.#tableName,
      Item: { ...endpoint, ...endpointKey(endpoint.tenantId, endpoint.id) },
      ConditionExpression: '#version = :before',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':before': endpoint.version - 1 },
    });
    return conditionHolds('the jobs table', () => this.#client.send(put));
  }

  async delete(tenantId: string, endpointId: string): Promise<boolean> {
    const command = new DeleteCommand({
      TableName: this.#tableName,
      Key: endpointKey(tenantId, endpointId),
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: { '#pk': JOB_TABLE.partitionKey },
    });
    return conditionHolds('the jobs table', () => this.#client.send(command));
  }
}
