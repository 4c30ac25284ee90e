import { confirmAnnounced, confirmPublished } from '@afterimage/job-core';
import { JOB_TABLE } from '@afterimage/job-aws/job-table';
import { expect, it } from 'vitest';
import { FULL_INDEXES, JOB_WRITES, KEY_INDEXES, writeUnitsOfJob } from './table-writes.ts';

it('knows the indexes of the table', () => {
  const { byTenant, byTenantStatus, byDue, ...sparse } = JOB_TABLE.indexes;

  expect([byTenant.name, byTenantStatus.name]).toEqual(FULL_INDEXES);
  expect([byTenant.projection, byTenantStatus.projection, byDue.projection]).toEqual(['ALL', 'ALL', 'KEYS_ONLY']);
  expect(KEY_INDEXES).toEqual([byDue.name]);
  // The others hold jobs of batches, and deliveries.
  expect(Object.keys(sparse)).toEqual(['byBatch', 'byEndpoint']);
});

it('moves what the changes of the lifecycle move', () => {
  const published = confirmPublished({ attempt: 1, startDeadlineAt: '2026-01-01T00:00:00Z' });
  const announced = confirmAnnounced({ version: 3 });

  expect([published.set.status, announced.set.status]).toEqual([undefined, undefined]);
  expect(published.set.dueAt).toBe('2026-01-01T00:00:00Z');
  expect(announced.set.dueAt).toBeNull();
  expect(JOB_WRITES.map(({ dueWrites }) => dueWrites)).toEqual([1, 2, 2, 2, 1]);
});

it('counts begun kilobytes of the item and of each index', () => {
  // Five writes of item and two indexes, two of which move an entry; eight entries of byDue; what is small.
  expect(writeUnitsOfJob(1, 1.5)).toBeCloseTo(5 * 3 + 2 + 8 + 3 + 1 / 9);
  expect(writeUnitsOfJob(2.1, 1.5)).toBeCloseTo(3 * (5 * 3 + 2) + 8 + 3 + 1 / 9);
  expect(writeUnitsOfJob(1, 4)).toBeCloseTo(writeUnitsOfJob(1, 1.5) + 2 * 5);
});
