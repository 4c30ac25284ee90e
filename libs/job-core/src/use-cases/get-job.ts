import { type JobRecord, idPattern, isLegacyId, legacyJobId, LIMITS } from '@afterimage/job-schemas';
import { jobNotFound } from '../errors.ts';
import type { Clock, JobStore } from '../ports.ts';

const JOB_ID = idPattern('job');
const DAY_MS = 86_400_000;

export type FindJob = (tenantId: string, jobId: string) => Promise<JobRecord>;

/** The id of a job, from it or from the id that its client gave it in the guidance's form. */
function jobIdOf(tenantId: string, id: string): string | undefined {
  if (JOB_ID.test(id)) return id;
  return isLegacyId(id) ? legacyJobId(tenantId, id) : undefined;
}

export interface FindJobPorts {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly now: Clock;
}

/** The table deletes a record some days after its time: until then it is there no more all the same. */
function isOver({ createdAt }: JobRecord, now: Date): boolean {
  return Date.parse(createdAt) + LIMITS.recordDays * DAY_MS <= now.getTime();
}

/** The tenant's job, or its tombstone. @throws ProblemError `not-found`, for another tenant's job as well */
export function makeFindJob({ jobs, now }: FindJobPorts): FindJob {
  return async function findJob(tenantId, jobId) {
    const id = jobIdOf(tenantId, jobId);
    const job = id === undefined ? undefined : await jobs.get(id);
    if (job === undefined || job.tenantId !== tenantId || isOver(job, now())) throw jobNotFound(jobId);
    return job;
  };
}

/** The tenant's job. @throws ProblemError `not-found`, for another tenant's job and an erased one as well */
export function makeGetJob(ports: FindJobPorts): FindJob {
  const findJob = makeFindJob(ports);
  return async function getJob(tenantId, jobId) {
    const job = await findJob(tenantId, jobId);
    if (job.erasedAt !== null) throw jobNotFound(jobId);
    return job;
  };
}
