import type { ApiRequest, ApiResponse, Route } from '@afterimage/app-host/lambda';
import { type Clock, type FindJob, type SignedUrl, jobNotFound, presentJob, ProblemError } from '@afterimage/job-core';
import { type JobRecord, isTerminal } from '@afterimage/job-schemas';
import type { JobPage } from './list-jobs.ts';

export interface JobRoutesPorts {
  readonly cancelJob: (tenantId: string, jobId: string) => Promise<JobRecord>;
  readonly eraseJob: (tenantId: string, jobId: string) => Promise<void>;
  /** As `getJob`, and finds tombstones too. */
  readonly findJob: FindJob;
  readonly listJobs: (request: ApiRequest) => Promise<JobPage>;
  readonly respond: (status: number, job: JobRecord) => Promise<ApiResponse>;
  readonly signOutputs: (job: JobRecord) => Promise<ReadonlyMap<string, SignedUrl>>;
  readonly apiUrl: string;
  readonly now: Clock;
}

/** The routes under `/v1/jobs` that answer at once. */
export function makeJobRoutes(ports: JobRoutesPorts) {
  const { findJob, cancelJob, eraseJob, listJobs, respond, signOutputs, apiUrl, now } = ports;

  const list: Route['handle'] = async (request) => {
    const { jobs, nextCursor } = await listJobs(request);
    const data = jobs.map((job) => presentJob(job, { apiUrl, now: now() }));
    if (nextCursor === null) return { status: 200, body: { data, nextCursor } };
    const query = new URLSearchParams({ ...request.query(), cursor: nextCursor });
    const link = `<${apiUrl}/v1/jobs?${query.toString()}>; rel="next"`;
    return { status: 200, headers: { link }, body: { data, nextCursor } };
  };

  const cancel: Route['handle'] = async (request) => {
    const job = await cancelJob(request.tenantId(), request.param('id'));
    return respond(isTerminal(job.status) ? 200 : 202, job);
  };

  const erase: Route['handle'] = async (request) => {
    await eraseJob(request.tenantId(), request.param('id'));
    return { status: 204 };
  };

  const content: Route['handle'] = async (request) => {
    const job = await findJob(request.tenantId(), request.param('id'));
    if (job.erasedAt !== null) {
      throw new ProblemError('output-expired', { detail: `the files of the job were erased at ${job.erasedAt}` });
    }
    const number = request.param('n');
    const output = job.outputs.find(({ index }) => String(index) === number);
    if (output === undefined) {
      if (/^\d+$/.test(number))
        throw new ProblemError('not-found', { detail: `the job ${job.id} has no output ${number}` });
      throw jobNotFound(`${job.id}/outputs/${number}`);
    }
    const signed = (await signOutputs(job)).get(output.key);
    if (signed === undefined) {
      throw new ProblemError('output-expired', { detail: `the files of the job expired at ${job.expiresAt}` });
    }
    return { status: 302, headers: { location: signed.url } };
  };

  return { list, cancel, erase, content };
}
