import { type Alarm, type Overview, overviewQuerySchema } from '@afterimage/admin-schemas';
import type { Clock, ListPosition } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import type { AdminHandler } from '../api/admin-request.ts';
import type { BrowseQuery, JobsPage } from '../jobs/browse-jobs.ts';
import { summarizeJobs, WINDOW_MS } from './summarize-jobs.ts';

export interface GetOverviewPorts {
  readonly browseJobs: (query: BrowseQuery) => Promise<JobsPage>;
  /** The alarms of the deployment as they stand; none where nothing watches. */
  readonly readAlarms: () => Promise<readonly Alarm[]>;
  /** US dollars for an hour of an engine of the pool; undefined when no price is known. */
  readonly dollarsPerHour: (pool: string) => number | undefined;
  readonly now: Clock;
}

/** Jobs read for one overview: the newest of the window. */
const MAX_JOBS = 5000;
const JOBS_PER_READ = 500;
const SECONDS_PER_HOUR = 3600;

/** `GET /overview`. */
export function makeGetOverview({ browseJobs, readAlarms, dollarsPerHour, now }: GetOverviewPorts): AdminHandler {
  async function jobsSince(createdAfter: string): Promise<{ jobs: JobRecord[]; isComplete: boolean }> {
    const jobs: JobRecord[] = [];
    let after: ListPosition | undefined;
    do {
      const limit = Math.min(JOBS_PER_READ, MAX_JOBS - jobs.length);
      const page = await browseJobs({ createdAfter, limit, ...(after === undefined ? {} : { after }) });
      jobs.push(...page.jobs);
      after = page.next ?? undefined;
    } while (after !== undefined && jobs.length < MAX_JOBS);
    return { jobs, isComplete: after === undefined };
  }

  /** Null as soon as one of the pools that made the images has no price. */
  function costPerImageOf(jobs: readonly JobRecord[]): number | null {
    const images = jobs.reduce((sum, { outputs }) => sum + outputs.length, 0);
    let dollars = 0;
    for (const { pool, timings } of jobs) {
      const seconds = ((timings.modelLoadMs ?? 0) + (timings.inferenceMs ?? 0)) / 1000;
      const price = seconds === 0 ? 0 : dollarsPerHour(pool);
      if (price === undefined) return null;
      dollars += (price * seconds) / SECONDS_PER_HOUR;
    }
    return images === 0 ? null : dollars / images;
  }

  return async function getOverview(request) {
    const { window } = request.query(overviewQuerySchema);
    const at = now();
    const createdAfter = new Date(at.getTime() - WINDOW_MS[window].length).toISOString();
    const [{ jobs, isComplete }, alarms] = await Promise.all([jobsSince(createdAfter), readAlarms()]);
    const body: Overview = {
      window,
      at: at.toISOString(),
      isComplete,
      costPerImage: costPerImageOf(jobs),
      alarms: [...alarms],
      ...summarizeJobs(jobs, window, at.getTime()),
    };
    return { body };
  };
}
