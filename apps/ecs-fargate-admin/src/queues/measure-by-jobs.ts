import type { Clock, ListPosition } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import type { BrowseQuery, JobsPage } from '../jobs/browse-jobs.ts';
import type { MeasureQueues, QueueMeasure } from './queue-meter.ts';

export interface MeasureByJobsPorts {
  readonly browseJobs: (query: BrowseQuery) => Promise<JobsPage>;
  readonly now: Clock;
}

/** Jobs read for one measurement: with more, what would be told is not known. */
const MAX_JOBS = 1000;
const JOBS_PER_READ = 250;
const MINUTES = 5;
const MINUTE_MS = 60_000;
/** A job that ended of late was created by then, or is not counted. */
const CREATED_MINUTES = 60;

/** Measures queues by the jobs that are in them, where nothing else does: in the local stack. */
export function makeMeasureByJobs({ browseJobs, now }: MeasureByJobsPorts): MeasureQueues {
  async function jobsOf(query: Omit<BrowseQuery, 'limit'>): Promise<readonly JobRecord[] | undefined> {
    const jobs: JobRecord[] = [];
    let after: ListPosition | undefined;
    do {
      const page = await browseJobs({ ...query, limit: JOBS_PER_READ, ...(after === undefined ? {} : { after }) });
      jobs.push(...page.jobs);
      after = page.next ?? undefined;
    } while (after !== undefined && jobs.length < MAX_JOBS);
    return after === undefined ? jobs : undefined;
  }

  return async function measureByJobs(queues) {
    const nowMs = now().getTime();
    const since = (minutes: number) => new Date(nowMs - minutes * MINUTE_MS).toISOString();
    const [queued, recent] = await Promise.all([
      jobsOf({ status: 'queued' }),
      jobsOf({ createdAfter: since(CREATED_MINUTES) }),
    ]);
    const measure = (isOfQueue: (job: JobRecord) => boolean): QueueMeasure => {
      const oldest = queued?.filter(isOfQueue).reduce<JobRecord | undefined>((a, b) => {
        return a === undefined || b.createdAt < a.createdAt ? b : a;
      }, undefined);
      const perMinute = (timeOf: (job: JobRecord) => string | null) =>
        recent === undefined
          ? null
          : recent.filter((job) => isOfQueue(job) && (timeOf(job) ?? '') > since(MINUTES)).length / MINUTES;
      return {
        oldestAgeSeconds: oldest === undefined ? null : Math.round((nowMs - Date.parse(oldest.createdAt)) / 1000),
        arrivedPerMinute: perMinute(({ createdAt }) => createdAt),
        endedPerMinute: perMinute(({ finishedAt }) => finishedAt),
      };
    };
    return new Map(
      queues.flatMap(({ name, jobs }) =>
        jobs === null
          ? []
          : [[name, measure(({ pool, policy }) => pool === jobs.pool && policy.priority === jobs.priority)] as const],
      ),
    );
  };
}
