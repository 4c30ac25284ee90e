import type { DeliveryStore, DeliveryUpdate } from '@afterimage/job-core';
import { DependencyUnavailableError } from '@afterimage/job-core';
import type { Delivery } from '@afterimage/job-schemas';
import { deliverySchema } from '@afterimage/job-schemas';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { callAws, isConditionRefused } from './aws-errors.ts';
import { deliveryKey, dueKeys, JOB_TABLE, recordTtl } from './job-table.ts';

function toItem({ dueAt, ...attributes }: Delivery): Record<string, unknown> {
  return {
    ...attributes,
    ...deliveryKey(attributes.id),
    ...dueKeys(attributes.id, dueAt),
    ttl: recordTtl(attributes.createdAt),
  };
}

/** Webhook deliveries in the single table, in the `byDue` index while they are pending. */
export class DynamoDeliveryStore implements DeliveryStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async create(delivery: Delivery): Promise<Delivery> {
    const put = new PutCommand({
      TableName: this.#tableName,
      Item: toItem(delivery),
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': JOB_TABLE.partitionKey },
    });
    try {
      await callAws('the jobs table', () => this.#client.send(put));
      return delivery;
    } catch (error) {
      if (!isConditionRefused(error)) throw error;
      const stored = await this.get(delivery.id);
      if (stored !== undefined) return stored;
      throw new DependencyUnavailableError(`${delivery.id} expired during its creation`, { cause: error });
    }
  }

  async get(deliveryId: string): Promise<Delivery | undefined> {
    const get = new GetCommand({ TableName: this.#tableName, Key: deliveryKey(deliveryId), ConsistentRead: true });
    const { Item } = await callAws('the jobs table', () => this.#client.send(get));
    return Item === undefined ? undefined : deliverySchema.parse({ dueAt: null, ...Item });
  }

  async update(deliveryId: string, attempt: number, update: DeliveryUpdate): Promise<boolean> {
    const { dueAt, ...attributes } = update;
    const sets = Object.entries({ ...attributes, ...dueKeys(deliveryId, dueAt) });
    const command = new UpdateCommand({
      TableName: this.#tableName,
      Key: deliveryKey(deliveryId),
      UpdateExpression: [
        `SET ${sets.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ...(dueAt === null ? ['REMOVE #dueShard, #dueAt'] : []),
      ].join(' '),
      ConditionExpression: '#status = :pending AND #attempt = :guarded',
      ExpressionAttributeNames: {
        ...Object.fromEntries(sets.map(([name]) => [`#${name}`, name])),
        '#dueShard': 'dueShard',
        '#dueAt': 'dueAt',
      },
      ExpressionAttributeValues: {
        ...Object.fromEntries(sets.map(([name, value]) => [`:${name}`, value])),
        ':pending': 'pending',
        ':guarded': attempt,
      },
    });
    try {
      await callAws('the jobs table', () => this.#client.send(command));
      return true;
    } catch (error) {
      if (isConditionRefused(error)) return false;
      throw error;
    }
  }
}
