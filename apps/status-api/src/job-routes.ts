import {
  type ApiRequest,
  type ApiResponse,
  etagOf,
  noneMatch,
  preferredWait,
  type Route,
  waitMsWithin,
} from '@afterimage/app-host/lambda';
import {
  type Clock,
  type FindJob,
  type SignedUrl,
  jobNotFound,
  presentJob,
  ProblemError,
  retryAfterSeconds,
  type Wait,
} from '@afterimage/job-core';
import { type Job, type JobRecord, isTerminal } from '@afterimage/job-schemas';
import type { JobPage } from './list-jobs.ts';

export interface JobRoutesPorts {
  readonly getJob: FindJob;
  readonly waitForJob: (tenantId: string, jobId: string, wait: Wait) => Promise<JobRecord>;
  readonly cancelJob: (tenantId: string, jobId: string) => Promise<JobRecord>;
  readonly eraseJob: (tenantId: string, jobId: string) => Promise<void>;
  /** As `getJob`, and finds tombstones too. */
  readonly findJob: FindJob;
  readonly listJobs: (request: ApiRequest) => Promise<JobPage>;
  readonly signOutputs: (job: JobRecord) => Promise<ReadonlyMap<string, SignedUrl>>;
  readonly apiUrl: string;
  readonly now: Clock;
}

function retryAfter(job: JobRecord): Record<string, string> {
  const seconds = retryAfterSeconds(job);
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

/** The routes under `/v1/jobs`. */
export function makeJobRoutes(ports: JobRoutesPorts) {
  const { getJob, findJob, waitForJob, cancelJob, eraseJob, listJobs, signOutputs, apiUrl, now } = ports;

  async function present(job: JobRecord): Promise<Job> {
    return presentJob(job, { apiUrl, now: now(), signedUrls: await signOutputs(job) });
  }

  async function respond(status: number, job: JobRecord, headers: Record<string, string> = {}): Promise<ApiResponse> {
    return { status, headers: { etag: etagOf(job), ...retryAfter(job), ...headers }, body: await present(job) };
  }

  const get: Route['handle'] = async (request, context) => {
    const ifNoneMatch = request.header('if-none-match');
    const waitSeconds = preferredWait(request);
    const isNews = (job: JobRecord) => noneMatch(ifNoneMatch, etagOf(job));
    const [tenantId, jobId] = [request.tenantId(), request.param('id')];
    if (waitSeconds === undefined) {
      const job = await getJob(tenantId, jobId);
      return isNews(job) ? respond(200, job) : { status: 304, headers: { etag: etagOf(job), ...retryAfter(job) } };
    }
    const waitMs = waitMsWithin(context, waitSeconds);
    const isOver = ifNoneMatch === undefined ? (job: JobRecord) => isTerminal(job.status) : isNews;
    const job = await waitForJob(tenantId, jobId, { isOver, waitMs });
    const applied = { 'preference-applied': `wait=${waitSeconds}` };
    if (isNews(job)) return respond(200, job, applied);
    return { status: 304, headers: { etag: etagOf(job), ...retryAfter(job), ...applied } };
  };

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

  return { get, list, cancel, erase, content };
}
