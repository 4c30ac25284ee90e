import { type ApiRequest, parseParameters } from '@afterimage/app-host/lambda';
import type { JobQuery, JobStore } from '@afterimage/job-core';
import { jobListQuerySchema, type JobRecord } from '@afterimage/job-schemas';
import { type CursorScope, decodeCursor, encodeCursor } from '@afterimage/app-host/http';

export interface ListJobsPorts {
  readonly jobs: Pick<JobStore, 'list'>;
  readonly cursorSecret: string;
}

export interface JobPage {
  readonly jobs: readonly JobRecord[];
  readonly nextCursor: string | null;
}

/** `GET /v1/jobs`: the tenant's jobs, newest first. @throws ProblemError for a wrong parameter or cursor */
export function makeListJobs({ jobs, cursorSecret }: ListJobsPorts) {
  return async function listJobs(request: ApiRequest): Promise<JobPage> {
    const tenantId = request.tenantId();
    const { cursor, limit, ...given } = parseParameters(jobListQuerySchema, request.query(), 'query parameter');
    const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const scope: CursorScope = { tenantId, ...filter };
    const query: JobQuery = {
      tenantId,
      ...filter,
      limit,
      ...(cursor === undefined ? {} : { after: decodeCursor(cursor, scope, cursorSecret) }),
    };
    const page = await jobs.list(query);
    return { jobs: page.jobs, nextCursor: page.next === null ? null : encodeCursor(page.next, scope, cursorSecret) };
  };
}
