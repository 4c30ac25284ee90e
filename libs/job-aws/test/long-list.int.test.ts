import { after } from '@afterimage/job-core';
import { aJobRecord, aTenant, CREATED_AT, waitFor } from '@afterimage/testing';
import { contractEndpoints, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createDynamoClient, createTableInput, DynamoJobStore } from '../src/index.ts';
import { toJobItem } from '../src/job-item.ts';

const aws = await startEmbeddedAws(contractEndpoints(process.env));
const client = createDynamoClient(aws.options.dynamodb);

afterAll(async () => {
  client.destroy();
  await aws.stop();
});

const BATCH = 25;

describe('a filter that few jobs match', () => {
  it('ends a page after a bounded number of reads, and the next page goes on from there', async () => {
    const table = await aws.createTable(createTableInput(uniqueName('jobs')));
    const store = new DynamoJobStore(client, table);
    const { tenantId } = aTenant();
    const jobs = Array.from({ length: 1100 }, (_, index) =>
      aJobRecord({ tenantId, createdAt: after(new Date(CREATED_AT), index), model: index === 0 ? 'rare' : 'common' }),
    );
    for (let start = 0; start < jobs.length; start += BATCH) {
      const requests = jobs.slice(start, start + BATCH).map((job) => ({ PutRequest: { Item: toJobItem(job) } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
    }
    const rare = jobs.slice(0, 1);
    await waitFor(
      async () =>
        (await store.list({ tenantId, createdBefore: after(new Date(CREATED_AT), 1), limit: 1 })).jobs.length === 1,
    );

    const first = await store.list({ tenantId, model: 'rare', limit: 5 });
    const { next } = first;

    expect(first.jobs).toStrictEqual([]);
    expect(next).not.toBeNull();
    expect(
      await store.list({ tenantId, model: 'rare', limit: 5, ...(next === null ? {} : { after: next }) }),
    ).toStrictEqual({
      jobs: rare,
      next: null,
    });
  });
});
