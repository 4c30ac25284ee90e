import { encodeId, legacyJobId } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { queuedJob } from '../../test/queued-job.ts';
import { makeGetJob } from './get-job.ts';

const id = legacyJobId('tenant-1', 'a-1');
const job = queuedJob({ id, tenantId: 'tenant-1' });
const getJob = makeGetJob({ jobs: { get: async (asked) => (asked === id ? job : undefined) } });

describe('getJob', () => {
  it('finds a job by its id, and by the one that its client gave it in the form of the guidance', async () => {
    expect(await getJob('tenant-1', id)).toBe(job);
    expect(await getJob('tenant-1', 'a-1')).toBe(job);
  });

  it.each([
    ['tenant-2', id],
    ['tenant-2', 'a-1'],
    ['tenant-1', 'a-2'],
    ['tenant-1', encodeId('job', new Uint8Array(16))],
    ['tenant-1', '../a-1'],
  ])('does not find, for %s, %s', async (tenantId, asked) => {
    await expect(getJob(tenantId, asked)).rejects.toMatchObject({ code: 'not-found' });
  });
});
