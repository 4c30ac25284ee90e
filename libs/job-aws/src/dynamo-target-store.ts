import type { SlotAnswer, SlotRequest, TargetHealth, TargetSlot, TargetStore } from '@afterimage/job-core';
import { freeSlotOf, takenMsAgo } from '@afterimage/job-core';
import type { DynamoDBDocumentClient, UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws, conditionHolds } from './aws-errors.ts';
import { type ItemKey, recordTtl, targetKey } from './job-table.ts';

const healthSchema = z.object({
  failures: z.int().default(0),
  failingSince: z.string().nullable().default(null),
  openUntil: z.string().nullable().default(null),
});
/** A slot's attribute is `slot` and its number; its value is when it is free again. */
const slotsSchema = z.record(z.templateLiteral(['slot', z.int()]), z.string());

/** Others may take a slot between the look and the write. */
const TRIES = 3;

/** What is known of receivers, in two items each: how they are, and who is calling them. */
export class DynamoTargetStore implements TargetStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async health(key: string): Promise<TargetHealth> {
    return healthSchema.parse((await this.#get(targetKey(key, 'HEALTH'))) ?? {});
  }

  async countFailure(key: string, now: Date): Promise<TargetHealth & { failingSince: string }> {
    const time = now.toISOString();
    const { Attributes } = await callAws('the jobs table', () =>
      this.#client.send(
        new UpdateCommand({
          TableName: this.#tableName,
          Key: targetKey(key, 'HEALTH'),
          UpdateExpression: 'SET #since = if_not_exists(#since, :now), #ttl = :ttl ADD #failures :one',
          ExpressionAttributeNames: { '#since': 'failingSince', '#failures': 'failures', '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':now': time, ':one': 1, ':ttl': recordTtl(time) },
          ReturnValues: 'ALL_NEW',
        }),
      ),
    );
    return healthSchema.extend({ failingSince: z.string() }).parse(Attributes);
  }

  async open(key: string, until: string): Promise<void> {
    await this.#update(targetKey(key, 'HEALTH'), {
      UpdateExpression: 'SET #until = :until, #ttl = :ttl',
      ExpressionAttributeNames: { '#until': 'openUntil', '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':until': until, ':ttl': recordTtl(until) },
    });
  }

  async claimProbe(key: string, openUntil: string, until: string): Promise<boolean> {
    return this.#update(targetKey(key, 'HEALTH'), {
      UpdateExpression: 'SET #until = :until',
      ConditionExpression: '#until = :seen',
      ExpressionAttributeNames: { '#until': 'openUntil' },
      ExpressionAttributeValues: { ':until': until, ':seen': openUntil },
    });
  }

  async clear(key: string): Promise<void> {
    const command = new DeleteCommand({ TableName: this.#tableName, Key: targetKey(key, 'HEALTH') });
    await callAws('the jobs table', () => this.#client.send(command));
  }

  async takeSlot(key: string, request: SlotRequest): Promise<SlotAnswer> {
    const now = request.now.toISOString();
    const until = new Date(request.now.getTime() + request.leaseMs).toISOString();
    for (let tries = 0; tries < TRIES; tries++) {
      const leases = await this.#leases(key, request.slots);
      const number = freeSlotOf(leases, now, (request.random + tries / TRIES) % 1);
      if (number === undefined) return { kind: 'busy', takenMsAgo: takenMsAgo(leases, request) };
      const isTaken = await this.#update(targetKey(key, 'SLOTS'), {
        UpdateExpression: 'SET #slot = :until, #ttl = :ttl',
        ConditionExpression: 'attribute_not_exists(#slot) OR #slot <= :now',
        ExpressionAttributeNames: { '#slot': `slot${number}`, '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':until': until, ':now': now, ':ttl': recordTtl(now) },
      });
      if (isTaken) return { kind: 'taken', slot: { number, until } };
    }
    return { kind: 'busy', takenMsAgo: 0 };
  }

  async freeSlot(key: string, { number, until }: TargetSlot): Promise<void> {
    await this.#update(targetKey(key, 'SLOTS'), {
      UpdateExpression: 'REMOVE #slot',
      ConditionExpression: '#slot = :until',
      ExpressionAttributeNames: { '#slot': `slot${number}` },
      ExpressionAttributeValues: { ':until': until },
    });
  }

  async #leases(key: string, slots: number): Promise<(string | undefined)[]> {
    const { pk: _pk, sk: _sk, ttl: _ttl, ...attributes } = (await this.#get(targetKey(key, 'SLOTS'))) ?? {};
    const leases = slotsSchema.parse(attributes);
    return Array.from({ length: slots }, (_, number) => leases[`slot${number}`]);
  }

  async #get(Key: ItemKey): Promise<Record<string, unknown> | undefined> {
    const get = new GetCommand({ TableName: this.#tableName, Key, ConsistentRead: true });
    const { Item } = await callAws('the jobs table', () => this.#client.send(get));
    return Item;
  }

  /** False when the condition did not hold. */
  async #update(Key: ItemKey, input: Omit<UpdateCommandInput, 'TableName' | 'Key'>): Promise<boolean> {
    const command = new UpdateCommand({ TableName: this.#tableName, Key, ...input });
    return conditionHolds('the jobs table', () => this.#client.send(command));
  }
}
