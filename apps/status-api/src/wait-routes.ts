import {
  type ApiResponse,
  etagOf,
  noneMatch,
  preferredWait,
  type StreamRoute,
  waitMsWithin,
} from '@afterimage/app-host/lambda';
import type { FindJob, Wait, Waited } from '@afterimage/job-core';
import { type JobRecord, isTerminal } from '@afterimage/job-schemas';

export interface WaitRoutesPorts {
  readonly getJob: FindJob;
  readonly waitForJob: (tenantId: string, jobId: string, wait: Wait) => Promise<Waited>;
  readonly headersOf: (job: JobRecord) => Record<string, string>;
  readonly respond: (status: number, job: JobRecord, headers?: Record<string, string>) => Promise<ApiResponse>;
}

/** `GET /v1/jobs/{id}`: at once, or after a wait. */
export function makeWaitRoutes({ getJob, waitForJob, respond, headersOf }: WaitRoutesPorts) {
  const get: StreamRoute['handle'] = async (request, context) => {
    const ifNoneMatch = request.header('if-none-match');
    const waitSeconds = preferredWait(request);
    const isNews = (job: JobRecord) => noneMatch(ifNoneMatch, etagOf(job));
    const [tenantId, jobId] = [request.tenantId(), request.param('id')];

    async function look(): Promise<Waited> {
      if (waitSeconds === undefined) return { job: await getJob(tenantId, jobId), hasWaited: false };
      const isOver = ifNoneMatch === undefined ? (job: JobRecord) => isTerminal(job.status) : isNews;
      return waitForJob(tenantId, jobId, { isOver, waitMs: waitMsWithin(context, waitSeconds) });
    }

    const { job, hasWaited } = await look();
    const applied: Record<string, string> = hasWaited ? { 'preference-applied': `wait=${waitSeconds}` } : {};
    return isNews(job) ? respond(200, job, applied) : { status: 304, headers: { ...headersOf(job), ...applied } };
  };

  return { get };
}
