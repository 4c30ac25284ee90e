import type { JobRecord } from '@afterimage/job-schemas';
import { aJobRecord } from '@afterimage/testing';
import { expect, it } from 'vitest';
import type { BrowseQuery, JobsPage } from '../jobs/browse-jobs.ts';
import { makeMeasureByJobs } from './measure-by-jobs.ts';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const QUEUES = (['interactive', 'batch'] as const).map((priority) => ({
  name: `local-${priority}`,
  url: `https://sqs/local-${priority}`,
  jobs: { pool: 'local', priority },
}));
const NOTIFICATIONS = { name: 'notifications', url: 'https://sqs/notifications', jobs: null };

function measureOf(browseJobs: (query: BrowseQuery) => Promise<JobsPage>) {
  return makeMeasureByJobs({ browseJobs, now: () => NOW })([...QUEUES, NOTIFICATIONS]);
}

it('measures each queue by its own jobs', async () => {
  const jobs: JobRecord[] = [
    aJobRecord({ createdAt: '2026-11-22T11:58:00.000Z' }),
    aJobRecord({ createdAt: '2026-11-22T11:59:00.000Z' }),
    aJobRecord({ createdAt: '2026-11-22T11:59:30.000Z', pool: 'other' }),
    aJobRecord({ createdAt: '2026-11-22T11:30:00.000Z', status: 'succeeded', finishedAt: '2026-11-22T11:59:00.000Z' }),
    aJobRecord({ createdAt: '2026-11-22T11:31:00.000Z', status: 'failed', finishedAt: '2026-11-22T11:40:00.000Z' }),
  ];

  const measures = await measureOf(async ({ status }) => ({
    jobs: jobs.filter((job) => status === undefined || job.status === status),
    next: null,
  }));

  expect(measures).toEqual(
    new Map([
      ['local-interactive', { oldestAgeSeconds: 120, arrivedPerMinute: 0.4, endedPerMinute: 0.2 }],
      ['local-batch', { oldestAgeSeconds: null, arrivedPerMinute: 0, endedPerMinute: 0 }],
    ]),
  );
});

it('reads a bounded number of jobs, and tells nothing where there are more', async () => {
  let read = 0;
  const job = aJobRecord({ createdAt: '2026-11-22T11:59:00.000Z' });

  const measures = await measureOf(async ({ limit }) => {
    read += limit;
    return { jobs: Array.from({ length: limit }, () => job), next: job };
  });

  expect(read).toBe(2000);
  expect(measures.get('local-interactive')).toEqual({
    oldestAgeSeconds: null,
    arrivedPerMinute: null,
    endedPerMinute: null,
  });
});
