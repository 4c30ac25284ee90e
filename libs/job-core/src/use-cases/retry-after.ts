import type { JobRecord } from '@afterimage/job-schemas';
import { isTerminal } from '@afterimage/job-schemas';

const QUEUED_SECONDS = { min: 2, max: 30 };
/** A job that has waited for a while has most likely come to a long queue: part of that time is a good time to look again. */
const PART_OF_WAIT = 0.1;
const RUNNING_SECONDS = { min: 1, max: 10 };
/** Cancellations are noticed with the worker's next heartbeat. */
const CANCELING_SECONDS = 2;

function within(seconds: number, { min, max }: { readonly min: number; readonly max: number }): number {
  return Math.min(Math.max(Math.ceil(seconds), min), max);
}

/** Whole seconds after which it is worth asking for the job again; undefined when it has ended. */
export function retryAfterSeconds(
  job: Pick<JobRecord, 'status' | 'progress' | 'createdAt'>,
  now: Date,
): number | undefined {
  if (isTerminal(job.status)) return undefined;
  if (job.status === 'canceling') return CANCELING_SECONDS;
  if (job.status === 'running') return within(job.progress?.etaSeconds ?? 0, RUNNING_SECONDS);
  const waitedSeconds = (now.getTime() - Date.parse(job.createdAt)) / 1000;
  return within(waitedSeconds * PART_OF_WAIT, QUEUED_SECONDS);
}
