import { isTerminal, jobStatusSchema, type Job } from '@afterimage/job-schemas';
import type { JobApi } from './job-api.ts';

const UNFINISHED = jobStatusSchema.options.filter((status) => !isTerminal(status));

export interface FollowJobsOptions {
  readonly api: Pick<JobApi, 'hasAny' | 'listAll'>;
  readonly count: number;
  /** ISO time before the first of the jobs. */
  readonly createdAfter: string;
  readonly pollIntervalMs: number;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Waits until all `count` jobs are finished and returns them. While any is unfinished it asks for one of them only, so
 * that following the jobs costs next to nothing beside making them; the list is eventually consistent, so an empty answer
 * is checked against all of them.
 * @throws the signal's reason when it is aborted
 */
export async function followJobs(options: FollowJobsOptions, signal: AbortSignal): Promise<Job[]> {
  const { api, count, createdAfter, pollIntervalMs, sleep } = options;

  async function isAnyUnfinished(): Promise<boolean> {
    for (const status of UNFINISHED) if (await api.hasAny(status, createdAfter, signal)) return true;
    return false;
  }

  for (;;) {
    signal.throwIfAborted();
    if (!(await isAnyUnfinished())) {
      const jobs = await api.listAll(createdAfter, signal);
      if (jobs.length >= count && jobs.every(({ status }) => isTerminal(status))) return jobs;
    }
    await sleep(pollIntervalMs, signal);
  }
}
