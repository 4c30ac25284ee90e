import { encodeId, legacyJobId } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { queuedJob } from '../../test/queued-job.ts';
import { makeGetJob } from './get-job.ts';

const id = legacyJobId('tenant-1', 'a-1');
const job = queuedJob({ id, tenantId: 'tenant-1' });
const jobs = { get: async (asked: string) => (asked === id ? job : undefined) };
const atDays = (days: number) => () => new Date(Date.parse(job.createdAt) + days * 86_400_000);
const getJob = makeGetJob({ jobs, now: atDays(1) });

describe('getJob', () => {
  it('finds a job by its id, and by the one that its client gave it in the form of the guidance', async () => {
    expect(await getJob('tenant-1', id)).toBe(job);
    expect(await getJob('tenant-1', 'a-1')).toBe(job);
  });

  it('finds a record until it is over, though the table still has it', async () => {
    await expect(makeGetJob({ jobs, now: atDays(29.99) })('tenant-1', id)).resolves.toBe(job);
    await expect(makeGetJob({ jobs, now: atDays(30) })('tenant-1', id)).rejects.toMatchObject({ code: 'not-found' });
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
