import type { BatchChange, BatchStore } from '@afterimage/job-core';
import { DependencyUnavailableError } from '@afterimage/job-core';
import type { BatchRecord, BatchRequest } from '@afterimage/job-schemas';
import { batchRecordSchema, batchRequestSchema } from '@afterimage/job-schemas';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws, isConditionRefused } from './aws-errors.ts';
import {
  batchKey,
  batchRequestsKey,
  batchRequestsOf,
  dueKeys,
  JOB_TABLE,
  recordTtl,
  requestsTtl,
} from './job-table.ts';
import { queryItems } from './query-items.ts';

const storedRequestsSchema = z.object({ requests: z.string() });
const itemKeySchema = z.object({ pk: z.string(), sk: z.string() });
const requestListSchema = z.array(batchRequestSchema);

/** Of the text of one item; the table's items have at most 400 KB. */
const MAX_TEXT_BYTES = 256 * 1024;

/** The requests in as few texts as the size of an item allows. */
function packRequests(requests: readonly BatchRequest[]): string[] {
  const packs: string[][] = [];
  let bytes = MAX_TEXT_BYTES;
  for (const text of requests.map((request) => JSON.stringify(request))) {
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > MAX_TEXT_BYTES) {
      packs.push([]);
      bytes = Buffer.byteLength(text) + 1;
    }
    packs.at(-1)?.push(text);
  }
  return packs.map((pack) => `[${pack.join(',')}]`);
}

function toItem({ dueAt, ...attributes }: BatchRecord): Record<string, unknown> {
  return {
    ...attributes,
    ...batchKey(attributes.id),
    ...dueKeys(attributes.id, dueAt),
    ttl: recordTtl(attributes.createdAt),
  };
}

function parseItem(item: Readonly<Record<string, unknown>>): BatchRecord {
  return batchRecordSchema.parse({ dueAt: null, ...item });
}

function compile(batchId: string, { status, set, ends = {} }: BatchChange) {
  const { dueAt, ...given } = set;
  const names: Record<string, string> = { '#status': 'status' };
  const values: Record<string, unknown> = {};
  const sets: string[] = [];
  const value = (each: unknown) => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = each;
    return placeholder;
  };
  for (const [name, each] of Object.entries({ ...given, ...(dueAt === undefined ? {} : dueKeys(batchId, dueAt)) })) {
    names[`#${name}`] = name;
    sets.push(`#${name} = ${value(each)}`);
  }
  for (const [jobId, end] of Object.entries(ends)) {
    names['#ends'] = 'ends';
    names[`#${jobId}`] = jobId;
    sets.push(`#ends.#${jobId} = ${value(end)}`);
  }
  if (dueAt === null) Object.assign(names, { '#dueShard': 'dueShard', '#dueAt': 'dueAt' });
  const condition = `#status IN (${status.map(value).join(', ')})`;
  return {
    UpdateExpression: [
      ...(sets.length === 0 ? [] : [`SET ${sets.join(', ')}`]),
      ...(dueAt === null ? ['REMOVE #dueShard, #dueAt'] : []),
    ].join(' '),
    // A batch that does not exist has no status.
    ConditionExpression: condition,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

/** Batches in the single table: one item each, and the requests beside it until their jobs are made. */
export class DynamoBatchStore implements BatchStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async create(
    batch: BatchRecord,
    requests: readonly BatchRequest[],
  ): Promise<{ created: boolean; batch: BatchRecord }> {
    await this.#putRequests(batch, requests);
    const put = new PutCommand({
      TableName: this.#tableName,
      Item: toItem(batch),
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': JOB_TABLE.partitionKey },
    });
    try {
      await callAws('the jobs table', () => this.#client.send(put));
      return { created: true, batch };
    } catch (error) {
      if (!isConditionRefused(error)) throw error;
      const stored = await this.get(batch.id);
      if (stored !== undefined) return { created: false, batch: stored };
      throw new DependencyUnavailableError(`${batch.id} expired during its creation`, { cause: error });
    }
  }

  async get(batchId: string): Promise<BatchRecord | undefined> {
    const get = new GetCommand({ TableName: this.#tableName, Key: batchKey(batchId), ConsistentRead: true });
    const { Item } = await callAws('the jobs table', () => this.#client.send(get));
    return Item === undefined ? undefined : parseItem(Item);
  }

  async change(batchId: string, change: BatchChange): Promise<BatchRecord | undefined> {
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: batchKey(batchId),
      ...compile(batchId, change),
      ReturnValues: 'ALL_NEW',
    });
    try {
      const { Attributes } = await callAws('the jobs table', () => this.#client.send(update));
      return Attributes === undefined ? undefined : parseItem(Attributes);
    } catch (error) {
      if (isConditionRefused(error)) return undefined;
      throw error;
    }
  }

  async requestsOf(batch: BatchRecord): Promise<BatchRequest[]> {
    const items = await this.#queryRequests(batch);
    return items.flatMap((item) => requestListSchema.parse(JSON.parse(storedRequestsSchema.parse(item).requests)));
  }

  async dropRequests(batch: BatchRecord): Promise<void> {
    const items = await this.#queryRequests(batch);
    await Promise.all(
      items.map((item) => {
        const Key = itemKeySchema.parse(item);
        const remove = new DeleteCommand({ TableName: this.#tableName, Key });
        return callAws('the jobs table', () => this.#client.send(remove));
      }),
    );
  }

  /** Before the batch: whoever sees it sees them. Others that lose against it have other keys, or the same content. */
  async #putRequests(batch: BatchRecord, requests: readonly BatchRequest[]): Promise<void> {
    const ttl = requestsTtl(batch.createdAt);
    await Promise.all(
      packRequests(requests).map((text, part) => {
        const Item = { ...batchRequestsKey(batch, part), requests: text, ttl };
        const put = new PutCommand({ TableName: this.#tableName, Item });
        return callAws('the jobs table', () => this.#client.send(put));
      }),
    );
  }

  async #queryRequests(batch: BatchRecord): Promise<Record<string, unknown>[]> {
    const { pk, skPrefix } = batchRequestsOf(batch);
    const items = queryItems(this.#client, {
      TableName: this.#tableName,
      KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :sk)',
      ExpressionAttributeNames: { '#pk': JOB_TABLE.partitionKey, '#sk': JOB_TABLE.sortKey },
      ExpressionAttributeValues: { ':pk': pk, ':sk': skPrefix },
      ConsistentRead: true,
    });
    const requests: Record<string, unknown>[] = [];
    for await (const item of items) requests.push(item);
    return requests;
  }
}
