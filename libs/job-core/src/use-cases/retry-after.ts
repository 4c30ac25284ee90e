import type { JobRecord } from '@afterimage/job-schemas';
import { isTerminal } from '@afterimage/job-schemas';

const QUEUED_SECONDS = 2;
const MAX_RUNNING_SECONDS = 10;

/** Whole seconds after which it is worth asking for the job again; undefined when it has ended. */
export function retryAfterSeconds(job: Pick<JobRecord, 'status' | 'progress'>): number | undefined {
  if (isTerminal(job.status)) return undefined;
  if (job.status === 'queued') return QUEUED_SECONDS;
  const seconds = Math.ceil(job.progress?.etaSeconds ?? 1);
  return Math.min(Math.max(seconds, 1), MAX_RUNNING_SECONDS);
}
