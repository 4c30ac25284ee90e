import type { JobChange, JobQuery, JobStatusReader, JobStore, ListPosition } from '@afterimage/job-core';
import { DependencyUnavailableError } from '@afterimage/job-core';
import { type JobRecord, jobRecordSchema, type JobStatus } from '@afterimage/job-schemas';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { BatchGetCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { callAws, isConditionRefused } from './aws-errors.ts';
import { compileChange } from './compile-change.ts';
import { compileJobQuery } from './compile-job-query.ts';
import { parseJobItem, toJobItem } from './job-item.ts';
import { JOB_TABLE, jobKey } from './job-table.ts';

/** Reads of one page of a list at most, so that a filter which few jobs match cannot read a tenant's whole history. */
const MAX_READS_PER_PAGE = 10;

const statusItemSchema = jobRecordSchema.pick({ id: true, status: true });

/** Jobs in the single table: one item each, written by single-item conditional writes alone. */
export class DynamoJobStore implements JobStore, JobStatusReader {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async create(job: JobRecord): Promise<{ created: boolean; job: JobRecord }> {
    const put = new PutCommand({
      TableName: this.#tableName,
      Item: toJobItem(job),
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': JOB_TABLE.partitionKey },
    });
    try {
      await callAws('the jobs table', () => this.#client.send(put));
      return { created: true, job };
    } catch (error) {
      if (!isConditionRefused(error)) throw error;
      const stored = await this.get(job.id);
      if (stored !== undefined) return { created: false, job: stored };
      throw new DependencyUnavailableError(`the record of ${job.id} expired during its creation`, { cause: error });
    }
  }

  async get(jobId: string): Promise<JobRecord | undefined> {
    const { Item } = await callAws('the jobs table', () =>
      this.#client.send(new GetCommand({ TableName: this.#tableName, Key: jobKey(jobId), ConsistentRead: true })),
    );
    return Item === undefined ? undefined : parseJobItem(Item);
  }

  async statusesOf(jobIds: readonly string[]): Promise<Map<string, JobStatus>> {
    const statuses = new Map<string, JobStatus>();
    let keys: Record<string, unknown>[] = jobIds.map(jobKey).map((key) => ({ ...key }));
    while (keys.length > 0) {
      const read = {
        Keys: keys,
        ConsistentRead: true,
        ProjectionExpression: '#id, #status',
        ExpressionAttributeNames: { '#id': 'id', '#status': 'status' },
      };
      const command = new BatchGetCommand({ RequestItems: { [this.#tableName]: read } });
      const page = await callAws('the jobs table', () => this.#client.send(command));
      for (const item of page.Responses?.[this.#tableName] ?? []) {
        const { id, status } = statusItemSchema.parse(item);
        statuses.set(id, status);
      }
      // One call answers with at most 16 MB of items, read in full however little of them is asked for.
      keys = page.UnprocessedKeys?.[this.#tableName]?.Keys ?? [];
    }
    return statuses;
  }

  async change(jobId: string, change: JobChange): Promise<JobRecord | undefined> {
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: jobKey(jobId),
      ...compileChange(jobId, change),
      ReturnValues: 'ALL_NEW',
    });
    try {
      const { Attributes } = await callAws('the jobs table', () => this.#client.send(update));
      return Attributes === undefined ? undefined : parseJobItem(Attributes);
    } catch (error) {
      if (isConditionRefused(error)) return undefined;
      throw error;
    }
  }

  async list(query: JobQuery): Promise<{ jobs: JobRecord[]; next: ListPosition | null }> {
    const compiled = compileJobQuery(query);
    if (compiled === undefined) return { jobs: [], next: null };
    const jobs: JobRecord[] = [];
    let from = compiled.startKey;
    for (let reads = 0; reads < MAX_READS_PER_PAGE; reads++) {
      const command = new QueryCommand({ TableName: this.#tableName, ...compiled.input, ExclusiveStartKey: from });
      const page = await callAws('the jobs table', () => this.#client.send(command));
      jobs.push(...(page.Items ?? []).map(parseJobItem));
      if (jobs.length > query.limit) return firstOf(jobs, query.limit);
      from = page.LastEvaluatedKey;
      if (from === undefined) return { jobs, next: null };
    }
    return { jobs, next: compiled.positionOf(from) };
  }
}

/** A page and where it ended; more than `limit` jobs are known to be there. */
function firstOf(jobs: readonly JobRecord[], limit: number): { jobs: JobRecord[]; next: ListPosition | null } {
  const page = jobs.slice(0, limit);
  const last = page.at(-1);
  return { jobs: page, next: last === undefined ? null : { createdAt: last.createdAt, id: last.id } };
}
