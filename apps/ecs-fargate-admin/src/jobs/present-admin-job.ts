import type { AdminJob } from '@afterimage/admin-schemas';
import { type Clock, presentJob, type SignedUrl } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';

export interface PresentAdminJobPorts {
  readonly signOutputs: (job: JobRecord) => Promise<ReadonlyMap<string, SignedUrl>>;
  readonly apiUrl: string;
  readonly now: Clock;
}

/** A job as operators see it, with fresh signed URLs of its outputs. */
export function makePresentAdminJob({ signOutputs, apiUrl, now }: PresentAdminJobPorts) {
  return async function presentAdminJob(job: JobRecord): Promise<AdminJob> {
    return {
      ...presentJob(job, { apiUrl, now: now(), signedUrls: await signOutputs(job) }),
      tenantId: job.tenantId,
      attempt: job.attempt,
      failures: job.failures,
      losses: job.losses,
      leaseOwner: job.leaseOwner,
      dueAt: job.dueAt,
      startDeadlineAt: job.startDeadlineAt,
      erasedAt: job.erasedAt,
      isPublished: job.isPublished,
      isAnnounced: job.isAnnounced,
    };
  };
}
