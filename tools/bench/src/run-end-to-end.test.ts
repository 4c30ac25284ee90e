import { expect, test } from 'vitest';
import type { Job } from '@afterimage/job-schemas';
import { aJob } from '../test/a-job.ts';
import type { SubmitRequest } from './job-api.ts';
import { makeEndToEnd } from './run-end-to-end.ts';

test('counts neither the jobs nor the objects of the warm-up', async () => {
  const jobs: Job[] = [];
  const requests: SubmitRequest[] = [];
  let nowMs = Date.parse('2026-01-02T03:04:05.000Z');
  const endToEnd = makeEndToEnd({
    api: {
      async submit(request) {
        requests.push(request);
        nowMs += 5;
        const job = aJob({ id: `job_${jobs.length}`, createdAt: new Date(nowMs).toISOString() });
        jobs.push(job);
        return job;
      },
      hasAny: async () => false,
      listAll: async (createdAfter) => jobs.filter(({ createdAt }) => createdAt > createdAfter),
    },
    countStoredObjects: async () => jobs.length,
    newIdempotencyKey: () => `key-${requests.length}`,
    wallClockMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: () => Promise.reject(new Error('there is nothing to wait for')),
    report: () => {},
  });
  const measured = await endToEnd({ jobs: 6, concurrency: 2, size: 64, steps: 2 }, new AbortController().signal);
  expect(requests).toHaveLength(8);
  expect(new Set(requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(8);
  expect(measured.submissions.map(({ jobId }) => jobId)).toEqual([
    'job_2',
    'job_3',
    'job_4',
    'job_5',
    'job_6',
    'job_7',
  ]);
  expect(measured.jobs.map(({ id }) => id)).toEqual(measured.submissions.map(({ jobId }) => jobId));
  expect(measured.storedObjects).toBe(6);
});
