import { createHash } from 'node:crypto';
import type { WaiterSlot, WaiterSlots } from '@afterimage/job-core';
import { DependencyUnavailableError } from '@afterimage/job-core';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { callAws, conditionHolds } from './aws-errors.ts';
import { JOB_TABLE, waitersKey } from './job-table.ts';

export interface DynamoWaiterSlotsOptions {
  /** Places of each tenant. */
  readonly limit: number;
  /** A name that no other holder has. */
  readonly newHolder: () => string;
}

const TTL_MARGIN_SECONDS = 86_400;

const slotName = (index: number) => `slot${index}`;
/** Sorts by the time at which the lease ends. */
const leaseOf = (until: Date, holder: string) => `${until.toISOString()}#${holder}`;

/** One item a tenant, with an attribute for each place: `<end of the lease>#<holder>`. */
export class DynamoWaiterSlots implements WaiterSlots {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;
  readonly #options: DynamoWaiterSlotsOptions;

  constructor(client: DynamoDBDocumentClient, tableName: string, options: DynamoWaiterSlotsOptions) {
    this.#client = client;
    this.#tableName = tableName;
    this.#options = options;
  }

  async take(
    tenantId: string,
    { now, until }: { readonly now: Date; readonly until: Date },
  ): Promise<WaiterSlot | undefined> {
    const holder = this.#options.newHolder();
    // Mostly there is room: a place is tried blindly before the item is read.
    const first = createHash('sha256').update(holder).digest().readUInt16BE() % this.#options.limit;
    if (await this.#seize(tenantId, first, { now, until, holder })) return this.#slot(tenantId, first, holder, until);
    // Whoever loses a place has lost it to another one: after as many losses as there are places, all are taken.
    for (let loss = 0; loss < this.#options.limit; loss++) {
      const free = await this.#someFree(tenantId, now, first);
      if (free === undefined) return undefined;
      if (await this.#seize(tenantId, free, { now, until, holder })) return this.#slot(tenantId, free, holder, until);
    }
    return undefined;
  }

  /** One of the free places; another one for each seed, so that those who come at once do not all try the same. */
  async #someFree(tenantId: string, now: Date, seed: number): Promise<number | undefined> {
    const get = new GetCommand({ TableName: this.#tableName, Key: waitersKey(tenantId), ConsistentRead: true });
    const { Item = {} } = await callAws('the jobs table', () => this.#client.send(get));
    const isFree = (index: number) => {
      const lease: unknown = Item[slotName(index)];
      return typeof lease !== 'string' || lease < now.toISOString();
    };
    const free = Array.from({ length: this.#options.limit }, (_, index) => index).filter(isFree);
    return free[seed % free.length];
  }

  #seize(tenantId: string, index: number, at: { now: Date; until: Date; holder: string }): Promise<boolean> {
    return this.#update(tenantId, {
      UpdateExpression: 'SET #slot = :lease, #ttl = :ttl',
      ConditionExpression: 'attribute_not_exists(#slot) OR #slot < :now',
      ExpressionAttributeNames: { '#slot': slotName(index), '#ttl': JOB_TABLE.timeToLive },
      ExpressionAttributeValues: {
        ':lease': leaseOf(at.until, at.holder),
        ':ttl': Math.floor(at.until.getTime() / 1000) + TTL_MARGIN_SECONDS,
        ':now': at.now.toISOString(),
      },
    });
  }

  #slot(tenantId: string, index: number, holder: string, until: Date): WaiterSlot {
    let held = leaseOf(until, holder);
    const ifHeld = {
      ConditionExpression: '#slot = :held',
      ExpressionAttributeNames: { '#slot': slotName(index) },
    };
    return {
      renew: async (next) => {
        const lease = leaseOf(next, holder);
        const isRenewed = await this.#update(tenantId, {
          ...ifHeld,
          UpdateExpression: 'SET #slot = :lease',
          ExpressionAttributeValues: { ':lease': lease, ':held': held },
        });
        if (isRenewed) held = lease;
        return isRenewed;
      },
      release: async () => {
        try {
          await this.#update(tenantId, {
            ...ifHeld,
            UpdateExpression: 'REMOVE #slot',
            ExpressionAttributeValues: { ':held': held },
          });
        } catch (error) {
          if (!(error instanceof DependencyUnavailableError)) throw error;
        }
      },
    };
  }

  /** False when the condition did not hold. */
  async #update(
    tenantId: string,
    expressions: Omit<ConstructorParameters<typeof UpdateCommand>[0], 'TableName' | 'Key'>,
  ): Promise<boolean> {
    const command = new UpdateCommand({ TableName: this.#tableName, Key: waitersKey(tenantId), ...expressions });
    return conditionHolds('the jobs table', () => this.#client.send(command));
  }
}
