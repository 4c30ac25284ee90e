import type { DeliveryQuery, DeliveryStore, DeliveryUpdate, ListPosition } from '@afterimage/job-core';
import { DependencyUnavailableError } from '@afterimage/job-core';
import type { Delivery } from '@afterimage/job-schemas';
import { deliverySchema } from '@afterimage/job-schemas';
import type { DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { callAws, conditionHolds, isConditionRefused } from './aws-errors.ts';
import { deliveryKey, dueKeys, JOB_TABLE, recordTtl } from './job-table.ts';

const { name: indexName, partitionKey, sortKey } = JOB_TABLE.indexes.byEndpoint;
/** Reads of one page at most, so that a filter which few deliveries match cannot read them all. */
const MAX_READS_PER_PAGE = 10;

const sortOf = ({ createdAt, id }: ListPosition) => `${createdAt}#${id}`;

/** The keys of an index must not be null, so that an endpoint is there or is not. */
function toItem({ dueAt, endpointId, ...attributes }: Delivery): Record<string, unknown> {
  return {
    ...attributes,
    ...(endpointId === null ? {} : { [partitionKey]: endpointId, [sortKey]: sortOf(attributes) }),
    ...deliveryKey(attributes.id),
    ...dueKeys(attributes.id, dueAt),
    ttl: recordTtl(attributes.createdAt),
  };
}

function parseItem(item: Readonly<Record<string, unknown>>): Delivery {
  return deliverySchema.parse({ dueAt: null, endpointId: null, ...item });
}

function compileQuery({ endpointId, status, createdSince }: DeliveryQuery): Omit<QueryCommandInput, 'TableName'> {
  return {
    IndexName: indexName,
    KeyConditionExpression: '#endpoint = :endpoint AND #sort >= :since',
    ...(status === undefined ? {} : { FilterExpression: '#status = :status' }),
    ExpressionAttributeNames: {
      '#endpoint': partitionKey,
      '#sort': sortKey,
      ...(status === undefined ? {} : { '#status': 'status' }),
    },
    ExpressionAttributeValues: {
      ':endpoint': endpointId,
      ':since': createdSince ?? '0',
      ...(status === undefined ? {} : { ':status': status }),
    },
    ScanIndexForward: false,
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
    return Item === undefined ? undefined : parseItem(Item);
  }

  async update(deliveryId: string, attempt: number, update: DeliveryUpdate): Promise<boolean> {
    return this.#write(deliveryId, update, {
      expression: '#status = :pending AND #attempt = :guarded',
      values: { ':pending': 'pending', ':guarded': attempt },
    });
  }

  async reopen(deliveryId: string, attempt: number, dueAt: string): Promise<boolean> {
    const next = { status: 'pending', attempt: attempt + 1, firstAttempt: attempt + 1, dueAt } as const;
    return this.#write(deliveryId, next, {
      expression: '#status IN (:delivered, :failed) AND #attempt = :guarded',
      values: { ':delivered': 'delivered', ':failed': 'failed', ':guarded': attempt },
    });
  }

  async list(query: DeliveryQuery): Promise<{ deliveries: Delivery[]; next: ListPosition | null }> {
    const { limit, after, endpointId } = query;
    const input = { TableName: this.#tableName, ...compileQuery(query), Limit: limit + 1 };
    const deliveries: Delivery[] = [];
    let from: Record<string, unknown> | undefined = after && {
      ...deliveryKey(after.id),
      [partitionKey]: endpointId,
      [sortKey]: sortOf(after),
    };
    for (let reads = 0; reads < MAX_READS_PER_PAGE; reads++) {
      const command = new QueryCommand({ ...input, ExclusiveStartKey: from });
      const { Items = [], LastEvaluatedKey } = await callAws('the jobs table', () => this.#client.send(command));
      deliveries.push(...Items.map(parseItem));
      if (deliveries.length > limit) {
        const page = deliveries.slice(0, limit);
        const last = page.at(-1);
        return { deliveries: page, next: last === undefined ? null : { createdAt: last.createdAt, id: last.id } };
      }
      from = LastEvaluatedKey;
      if (from === undefined) return { deliveries, next: null };
    }
    const [createdAt = '', id = ''] = String(from?.[sortKey]).split('#');
    return { deliveries, next: { createdAt, id } };
  }

  async #write(
    deliveryId: string,
    { dueAt, ...attributes }: Partial<Delivery> & Pick<Delivery, 'dueAt'>,
    condition: { readonly expression: string; readonly values: Readonly<Record<string, unknown>> },
  ): Promise<boolean> {
    const sets = Object.entries({ ...attributes, ...dueKeys(deliveryId, dueAt) });
    const command = new UpdateCommand({
      TableName: this.#tableName,
      Key: deliveryKey(deliveryId),
      UpdateExpression: [
        `SET ${sets.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ...(dueAt === null ? ['REMOVE #dueShard, #dueAt'] : []),
      ].join(' '),
      ConditionExpression: condition.expression,
      ExpressionAttributeNames: {
        ...Object.fromEntries(sets.map(([name]) => [`#${name}`, name])),
        '#dueShard': 'dueShard',
        '#dueAt': 'dueAt',
      },
      ExpressionAttributeValues: {
        ...Object.fromEntries(sets.map(([name, value]) => [`:${name}`, value])),
        ...condition.values,
      },
    });
    return conditionHolds('the jobs table', () => this.#client.send(command));
  }
}
