import type { AdminJob, AdminJobDetail } from '@afterimage/admin-schemas';
import { jobNotFound, type JobStore } from '@afterimage/job-core';
import { idPattern, type JobRecord, createJobSchema } from '@afterimage/job-schemas';
import type { AdminHandler } from '../api/admin-request.ts';

export interface GetJobPorts {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly presentAdminJob: (job: JobRecord) => Promise<AdminJob>;
}

const JOB_ID = idPattern('job');

/** Any tenant's job. @throws ProblemError `not-found` */
export async function findAnyJob(jobs: Pick<JobStore, 'get'>, jobId: string): Promise<JobRecord> {
  const job = JOB_ID.test(jobId) ? await jobs.get(jobId) : undefined;
  if (job === undefined) throw jobNotFound(jobId);
  return job;
}

/** The input as it would be if its client had given only what must be given. */
function defaultsOf({ model, task, input }: JobRecord): Record<string, unknown> {
  const given = Object.fromEntries(
    Object.entries(input).filter(([name]) => ['prompt', 'image', 'workflow'].includes(name)),
  );
  const request = createJobSchema.safeParse({ model, task, input: given }).data;
  return request === undefined || 'workflow' in input ? {} : { ...request.input };
}

/** `GET /jobs/:id`: the job, what of its input is as by default, and what happened to it. */
export function makeGetJob({ jobs, presentAdminJob }: GetJobPorts): AdminHandler {
  return async function getJob(request) {
    const record = await findAnyJob(jobs, request.param('id'));
    const body: AdminJobDetail = {
      job: await presentAdminJob(record),
      defaults: defaultsOf(record),
      timeline: record.timeline,
    };
    return { body };
  };
}
