import { type AdminJob, type GalleryPage, galleryQuerySchema } from '@afterimage/admin-schemas';
import type { JobRecord } from '@afterimage/job-schemas';
import type { AdminHandler } from '../api/admin-request.ts';
import type { ListJobsPorts } from './list-jobs.ts';

function promptOf({ input }: Pick<JobRecord, 'input'>): string | null {
  return 'prompt' in input && typeof input.prompt === 'string' ? input.prompt : null;
}

/** `GET /gallery`: the pictures of the newest jobs that succeeded, those of one job together. */
export function makeListGallery({ browseJobs, presentAdminJob, cursors }: ListJobsPorts): AdminHandler {
  function items(job: AdminJob): GalleryPage['data'] {
    const { id: jobId, tenantId, model, createdAt } = job;
    return job.outputs
      .filter(({ state }) => state === 'available')
      .map((output) => ({ jobId, tenantId, model, createdAt, prompt: promptOf(job), output }));
  }

  return async function listGallery(request) {
    const { cursor, limit, ...given } = request.query(galleryQuerySchema);
    const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const { after, next } = cursors({ list: 'gallery', ...filter }, cursor);
    const page = await browseJobs({
      ...filter,
      status: 'succeeded',
      limit,
      ...(after === undefined ? {} : { after }),
    });
    const jobs = await Promise.all(page.jobs.map(presentAdminJob));
    const body: GalleryPage = {
      data: jobs.flatMap(items),
      nextCursor: page.next === null ? null : next(page.next),
    };
    return { body };
  };
}
