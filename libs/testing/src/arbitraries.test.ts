import { createJobSchema, jobRecordSchema } from '@afterimage/job-schemas';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRequests, jobRecords } from './arbitraries.ts';
import { aCreateJob, aJobRecord, aRunningJob } from './builders/job-builders.ts';

describe('what the arbitraries make', () => {
  it('is a create request that the API accepts', () => {
    fc.assert(
      fc.property(createRequests(), (body) => {
        expect(createJobSchema.safeParse(body).error).toBeUndefined();
      }),
    );
  });

  it('is a job that the schema accepts unchanged', () => {
    fc.assert(
      fc.property(jobRecords(), (job) => {
        expect(jobRecordSchema.parse(job)).toStrictEqual(job);
      }),
    );
  });
});

describe('what the builders make', () => {
  it('is a job that the schema accepts unchanged', () => {
    for (const job of [aJobRecord(), aRunningJob()]) expect(jobRecordSchema.parse(job)).toStrictEqual(job);
  });

  it('takes overrides', () => {
    expect(aJobRecord({ tenantId: 'other' }).tenantId).toBe('other');
    expect(aRunningJob({}, { token: 'mine' })).toMatchObject({ status: 'running', token: 'mine', attempt: 1 });
    expect(aCreateJob({ metadata: { a: 'b' } }).metadata).toStrictEqual({ a: 'b' });
  });

  it('refuses to run a job that cannot be claimed', () => {
    expect(() => aRunningJob({ status: 'expired' })).toThrow('cannot be claimed: expired');
  });
});
