import { randomUUID } from 'node:crypto';
import { DependencyUnavailableError } from '@afterimage/job-core';
import { describeWaiterSlotsContract } from '@afterimage/testing/contracts';
import { contractEndpoints, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { afterAll, describe, expect, it } from 'vitest';
import { createDynamoClient, createTableInput, DynamoWaiterSlots } from '../src/index.ts';

const aws = await startEmbeddedAws(contractEndpoints(process.env));
const client = createDynamoClient(aws.options.dynamodb);
const table = await aws.createTable(createTableInput(uniqueName('jobs')));

afterAll(async () => {
  client.destroy();
  await aws.stop();
});

const makeSlots = (limit: number) => new DynamoWaiterSlots(client, table, { limit, newHolder: randomUUID });

describeWaiterSlotsContract('DynamoWaiterSlots', makeSlots);

describe('DynamoWaiterSlots', () => {
  it('gives a place back without failing when the table cannot be reached: it runs out by itself', async () => {
    const gone = createDynamoClient({ ...aws.options.dynamodb, maxAttempts: 1 });
    const slots = new DynamoWaiterSlots(gone, table, { limit: 2, newHolder: randomUUID });
    const now = new Date();
    const slot = await slots.take('tenant-of-the-broken', { now, until: new Date(now.getTime() + 5000) });
    gone.config.endpoint = async () => ({ protocol: 'http:', hostname: '127.0.0.1', port: 9, path: '/' });

    await expect(slots.take('tenant-of-the-broken', { now, until: now })).rejects.toThrow(DependencyUnavailableError);
    await expect(slot?.release()).resolves.toBeUndefined();
  });
});
