import { describe, expect, it } from 'vitest';
import { createTableInput, DUE_SHARDS, dueKeys, dueShardOf, dueShards, recordTtl } from './job-table.ts';

describe('the shards of what is due', () => {
  const idOf = (index: number) => `job_${String(index).padStart(26, '0')}`;

  it('are those that the index is asked for', () => {
    const used = new Set(Array.from({ length: 1000 }, (_, index) => dueShardOf(idOf(index))));

    expect([...used].toSorted()).toStrictEqual(dueShards().toSorted());
    expect(used.size).toBe(DUE_SHARDS);
  });

  it('never change for an id: items of earlier versions would be in another one', () => {
    expect([dueShardOf(idOf(0)), dueShardOf(idOf(1)), dueShardOf('whd_7ZZZZZZZZZZZZZZZZZZZZZZZZZ')]).toStrictEqual([
      'DUE#1',
      'DUE#5',
      'DUE#3',
    ]);
  });

  it('have no item that is not due', () => {
    expect(dueKeys(idOf(0), null)).toStrictEqual({});
  });
});

describe('recordTtl', () => {
  it('is 30 days after the creation, in epoch seconds', () => {
    expect(recordTtl('2026-01-01T00:00:00.999Z')).toBe(Date.parse('2026-01-31T00:00:00Z') / 1000);
  });
});

describe('createTableInput', () => {
  const input = createTableInput('jobs');

  it('defines exactly the attributes that keys use', () => {
    const keys = [input, ...(input.GlobalSecondaryIndexes ?? [])].flatMap(({ KeySchema }) => KeySchema ?? []);

    expect(new Set(input.AttributeDefinitions?.map((attribute) => attribute.AttributeName))).toStrictEqual(
      new Set(keys.map((key) => key.AttributeName)),
    );
  });

  it('is paid by request, with its indexes', () => {
    expect(input.BillingMode).toBe('PAY_PER_REQUEST');
    expect(input.GlobalSecondaryIndexes).toMatchObject([
      { IndexName: 'byTenant', Projection: { ProjectionType: 'ALL' } },
      { IndexName: 'byTenantStatus', Projection: { ProjectionType: 'ALL' } },
      { IndexName: 'byBatch', Projection: { ProjectionType: 'ALL' } },
      { IndexName: 'byDue', Projection: { ProjectionType: 'KEYS_ONLY' } },
      { IndexName: 'byEndpoint', Projection: { ProjectionType: 'ALL' } },
    ]);
  });
});
