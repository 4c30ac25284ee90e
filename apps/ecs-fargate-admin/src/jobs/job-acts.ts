import { type AdminJob, actSchema, adminRetrySchema } from '@afterimage/admin-schemas';
import type { RetryCommand, Submitted } from '@afterimage/job-commands';
import type { JobStore } from '@afterimage/job-core';
import { type JobRecord, type RetryJob, retryJobSchema } from '@afterimage/job-schemas';
import type { AdminAnswer, AdminHandler } from '../api/admin-request.ts';
import type { CurrentTrace } from '../trace-requests.ts';
import { findAnyJob } from './get-job.ts';

export interface JobActsPorts {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly cancelJob: (tenantId: string, jobId: string) => Promise<JobRecord>;
  readonly retryJob: (command: RetryCommand) => Promise<Submitted>;
  readonly eraseJob: (tenantId: string, jobId: string) => Promise<void>;
  readonly presentAdminJob: (job: JobRecord) => Promise<AdminJob>;
  readonly currentTrace: CurrentTrace;
}

/** What an act made of a job, and what the audit log keeps of it. */
export interface JobAct {
  readonly job: JobRecord;
  readonly before: unknown;
  readonly after: unknown;
}

/** What an operator does to one job of any tenant: as its tenant would, whose quotas it counts for. */
export function makeJobActs(ports: JobActsPorts) {
  const { jobs, cancelJob, retryJob, eraseJob, presentAdminJob, currentTrace } = ports;

  async function cancel(jobId: string): Promise<JobAct> {
    const { tenantId, status } = await findAnyJob(jobs, jobId);
    const job = await cancelJob(tenantId, jobId);
    return { job, before: { status }, after: { status: job.status } };
  }

  /** @param idempotencyKey of a retry that may be asked for again; the same one makes one job */
  async function retry(jobId: string, overrides: RetryJob, idempotencyKey?: string): Promise<JobAct> {
    const { tenantId, status } = await findAnyJob(jobs, jobId);
    const { job } = await retryJob({
      tenantId,
      path: '/admin/v1/jobs/retry',
      sourceId: jobId,
      body: overrides,
      request: overrides,
      idempotencyKey,
      traceparent: currentTrace(),
    });
    return { job, before: { status }, after: { status, retriedAs: job.id } };
  }

  async function erase(jobId: string): Promise<JobAct> {
    const { tenantId, erasedAt } = await findAnyJob(jobs, jobId);
    await eraseJob(tenantId, jobId);
    const job = await findAnyJob(jobs, jobId);
    return { job, before: { erasedAt }, after: { erasedAt: job.erasedAt } };
  }

  async function answer({ job, before, after }: JobAct): Promise<AdminAnswer> {
    return { body: await presentAdminJob(job), before, after };
  }

  const cancelOne: AdminHandler = async (request) => {
    request.body(actSchema);
    return answer(await cancel(request.param('id')));
  };

  const retryOne: AdminHandler = async (request) => {
    const { overrides = retryJobSchema.parse({}) } = request.body(adminRetrySchema);
    return { ...(await answer(await retry(request.param('id'), overrides))), status: 201 };
  };

  const eraseOne: AdminHandler = async (request) => {
    request.body(actSchema);
    return answer(await erase(request.param('id')));
  };

  return { cancel, retry, erase, cancelOne, retryOne, eraseOne };
}
export type JobActs = ReturnType<typeof makeJobActs>;
