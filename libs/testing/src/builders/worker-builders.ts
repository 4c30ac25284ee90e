import type { WorkerRecord } from '@afterimage/job-core';
import { CREATED_AT } from './job-builders.ts';

/** A worker that polls, seen at the time of the builders. */
export function aWorkerRecord(overrides: Partial<WorkerRecord> = {}): WorkerRecord {
  return {
    workerId: 'worker-1',
    pool: 'local',
    engine: 'sketch',
    state: 'polling',
    model: 'sketch-1',
    jobs: [],
    hasSpotNotice: false,
    startedAt: CREATED_AT,
    seenAt: CREATED_AT,
    ...overrides,
  };
}
