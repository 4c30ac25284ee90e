import { actResultSchema, type BulkAct, type Role } from '@afterimage/admin-schemas';
import { DependencyUnavailableError, jobNotFound } from '@afterimage/job-core';
import { aJobRecord, anId } from '@afterimage/testing';
import { describe, expect, it, vi } from 'vitest';
import { makeAdminRequest } from '../api/admin-request.ts';
import { makeBulkAct } from './bulk-act.ts';
import type { JobActs } from './job-acts.ts';

const job = aJobRecord();
const done = async () => ({ job, before: null, after: null });

function setUp(acts: Partial<JobActs> = {}) {
  const cancel = vi.fn<JobActs['cancel']>(done);
  const erase = vi.fn<JobActs['erase']>(done);
  const bulkAct = makeBulkAct({ cancel, retry: done, erase, ...acts });
  const act = (action: BulkAct['action'], ids: readonly string[], role: Role = 'admin') =>
    bulkAct(
      makeAdminRequest({
        operator: { id: 'user-1', name: 'ada@example.com', role },
        params: {},
        query: {},
        body: { action, ids, reason: 'asked by the tenant' },
      }),
    );
  return { act, cancel, erase };
}

describe('an act on many jobs', () => {
  it('asks for the role of the act itself', async () => {
    const { act, cancel, erase } = setUp();

    await expect(act('erase', [job.id], 'operator')).rejects.toMatchObject({ code: 'insufficient-scope' });
    expect(erase).not.toHaveBeenCalled();
    await act('cancel', [job.id], 'operator');
    await act('erase', [job.id], 'admin');

    expect(cancel).toHaveBeenCalledTimes(1);
    expect(erase).toHaveBeenCalledTimes(1);
  });

  it('is done once to each job, and tells of each that failed', async () => {
    const [gone, unlucky, sound] = [anId('job'), anId('job'), anId('job')];
    const cancel = vi.fn<JobActs['cancel']>(async (jobId) => {
      if (jobId === gone) throw jobNotFound(jobId);
      if (jobId === unlucky) throw new DependencyUnavailableError('throttled');
      return done();
    });
    const { act } = setUp({ cancel });

    const { body, count, after } = await act('cancel', [gone, sound, unlucky, sound]);

    expect(actResultSchema.parse(body)).toMatchObject({
      done: 1,
      failures: [
        { id: gone, code: 'not-found' },
        { id: unlucky, code: 'unavailable' },
      ],
    });
    expect(count).toBe(1);
    expect(after).toMatchObject({ action: 'cancel', done: [sound] });
  });
});
