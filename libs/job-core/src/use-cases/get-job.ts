import { type JobRecord, idPattern, isLegacyId, legacyJobId } from '@afterimage/job-schemas';
import { jobNotFound } from '../errors.ts';
import type { JobStore } from '../ports.ts';

const JOB_ID = idPattern('job');

export type FindJob = (tenantId: string, jobId: string) => Promise<JobRecord>;

/** The id of a job, from it or from the id that its client gave it in the guidance's form. */
function jobIdOf(tenantId: string, id: string): string | undefined {
  if (JOB_ID.test(id)) return id;
  return isLegacyId(id) ? legacyJobId(tenantId, id) : undefined;
}

/** The tenant's job, or its tombstone. @throws ProblemError `not-found`, for another tenant's job as well */
export function makeFindJob({ jobs }: { readonly jobs: Pick<JobStore, 'get'> }): FindJob {
  return async function findJob(tenantId, jobId) {
    const id = jobIdOf(tenantId, jobId);
    const job = id === undefined ? undefined : await jobs.get(id);
    if (job === undefined || job.tenantId !== tenantId) throw jobNotFound(jobId);
    return job;
  };
}

/** The tenant's job. @throws ProblemError `not-found`, for another tenant's job and an erased one as well */
export function makeGetJob(ports: { readonly jobs: Pick<JobStore, 'get'> }): FindJob {
  const findJob = makeFindJob(ports);
  return async function getJob(tenantId, jobId) {
    const job = await findJob(tenantId, jobId);
    if (job.erasedAt !== null) throw jobNotFound(jobId);
    return job;
  };
}
