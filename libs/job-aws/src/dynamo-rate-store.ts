import { DependencyUnavailableError, type RateLease, type RateState, type RateStore } from '@afterimage/job-core';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws, isConditionRefused } from './aws-errors.ts';
import { JOB_TABLE, rateKey } from './job-table.ts';

const stateSchema = z.object({ used: z.int(), holders: z.int() });

/** A request must not wait longer than this for leave to begin. */
const TIMEOUT_MS = 250;
/** How long a window is kept after its end, for clocks that are behind. */
const KEPT_MS = 300_000;

/** Windows of rate limits in the single table: one small item each, written once a lease. */
export class DynamoRateStore implements RateStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async take(windowId: string, { tokens, limit, isNewHolder, endsAt }: RateLease): Promise<RateState | undefined> {
    if (tokens > limit) return undefined;
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: rateKey(windowId),
      UpdateExpression: 'SET #ttl = :ttl ADD #used :tokens, #holders :holders',
      ConditionExpression: 'attribute_not_exists(#used) OR #used <= :most',
      ExpressionAttributeNames: { '#ttl': JOB_TABLE.timeToLive, '#used': 'used', '#holders': 'holders' },
      ExpressionAttributeValues: {
        ':ttl': Math.ceil((endsAt.getTime() + KEPT_MS) / 1000),
        ':tokens': tokens,
        ':holders': isNewHolder ? 1 : 0,
        ':most': limit - tokens,
      },
      ReturnValues: 'ALL_NEW',
    });
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const { Attributes } = await callAws('the jobs table', () => this.#client.send(update, { abortSignal: signal }));
      return stateSchema.parse(Attributes);
    } catch (error) {
      if (isConditionRefused(error)) return undefined;
      if (!signal.aborted) throw error;
      throw new DependencyUnavailableError(`the jobs table did not answer in ${TIMEOUT_MS} ms`, { cause: error });
    }
  }
}
