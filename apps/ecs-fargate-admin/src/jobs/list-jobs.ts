import { type AdminJob, type AdminJobPage, adminJobQuerySchema } from '@afterimage/admin-schemas';
import type { JobRecord } from '@afterimage/job-schemas';
import type { AdminHandler } from '../api/admin-request.ts';
import type { MakeCursor } from '../api/cursors.ts';
import type { BrowseQuery, JobsPage } from './browse-jobs.ts';

export interface ListJobsPorts {
  readonly browseJobs: (query: BrowseQuery) => Promise<JobsPage>;
  readonly presentAdminJob: (job: JobRecord) => Promise<AdminJob>;
  readonly cursors: MakeCursor;
}

/** `GET /jobs`. */
export function makeListJobs({ browseJobs, presentAdminJob, cursors }: ListJobsPorts): AdminHandler {
  return async function listJobs(request) {
    const { cursor, limit, createdAfter, createdBefore, ...given } = request.query(adminJobQuerySchema);
    const times = {
      ...(createdAfter === undefined ? {} : { createdAfter: new Date(createdAfter).toISOString() }),
      ...(createdBefore === undefined ? {} : { createdBefore: new Date(createdBefore).toISOString() }),
    };
    const filter = {
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      ...times,
    };
    const { after, next } = cursors({ list: 'jobs', ...filter }, cursor);
    const page = await browseJobs({ ...filter, limit, ...(after === undefined ? {} : { after }) });
    const data = await Promise.all(page.jobs.map(presentAdminJob));
    const body: AdminJobPage = { data, nextCursor: page.next === null ? null : next(page.next) };
    return { body };
  };
}
