import { newBatch } from '@afterimage/job-core';
import type { BatchRecord, BatchRequest } from '@afterimage/job-schemas';
import { aCreateJob, anId, CREATED_AT } from './job-builders.ts';

/** A batch of two items as it is created: no job is there yet. */
export function aBatchRecord(overrides: Partial<BatchRecord> = {}): BatchRecord {
  const given = {
    id: anId('bat'),
    tenantId: 'tenant-1',
    fingerprint: 'a'.repeat(64),
    requestId: 'request-1',
    traceparent: null,
    size: 2,
    rejections: [],
    webhook: null,
    metadata: {},
  };
  return { ...newBatch(given, new Date(overrides.createdAt ?? CREATED_AT)), ...overrides };
}

/** What the jobs of the first `count` items of a batch are made of. */
export function batchRequests(count: number): BatchRequest[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    pool: 'local',
    request: aCreateJob({ input: { prompt: `lighthouse ${index}`, seed: index } }),
  }));
}
