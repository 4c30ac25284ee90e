import { type JobRecord, idPattern } from '@afterimage/job-schemas';
import { jobNotFound } from '../errors.ts';
import type { JobStore } from '../ports.ts';

const JOB_ID = idPattern('job');

/** The tenant's job. @throws ProblemError `not-found`, for another tenant's job as well */
export function makeGetJob({ jobs }: { readonly jobs: Pick<JobStore, 'get'> }) {
  return async function getJob(tenantId: string, jobId: string): Promise<JobRecord> {
    const job = JOB_ID.test(jobId) ? await jobs.get(jobId) : undefined;
    if (job === undefined || job.tenantId !== tenantId) throw jobNotFound(jobId);
    return job;
  };
}
