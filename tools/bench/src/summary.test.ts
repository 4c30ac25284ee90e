import { expect, test } from 'vitest';
import type { Job } from '@afterimage/job-schemas';
import { aJob, anAttempt, anOutput } from '../test/a-job.ts';
import { findFaults, summarize, type Measured } from './summary.ts';

const START = Date.parse('2026-01-02T03:04:05.000Z');

function aRun(count: number, change: (job: Job, index: number) => Job = (job) => job): Measured {
  const submissions = Array.from({ length: count }, (_, index) => ({
    jobId: `job_${index}`,
    submittedAtMs: START + index * 10,
    acceptedMs: index + 1,
  }));
  const jobs = submissions.map(({ jobId, submittedAtMs }, index) =>
    change(aJob({ id: jobId, finishedAt: new Date(submittedAtMs + 1000).toISOString() }), index),
  );
  return { submissions, jobs, storedObjects: count, concurrency: 4 };
}

test('gives rate and percentiles of a good run', () => {
  const run = aRun(101);
  expect(findFaults(run)).toEqual([]);
  expect(summarize(run)).toEqual({
    bench: 'end-to-end',
    jobs: 101,
    concurrency: 4,
    // 101 jobs in 100 × 10 ms of submitting and 1 s of the last one.
    jobsPerSecond: 50.5,
    acceptedMsP50: 51,
    acceptedMsP99: 100,
    succeededMsP50: 1000,
    succeededMsP99: 1000,
    succeeded: 101,
    duplicates: 0,
  });
});

test.each<[string, Measured, string, Partial<ReturnType<typeof summarize>>]>([
  [
    'a job that did not succeed',
    aRun(3, (job, index) => (index === 0 ? { ...job, status: 'expired' } : job)),
    'job_0 is expired',
    { succeeded: 2 },
  ],
  [
    'a job that ran twice',
    aRun(3, (job, index) => (index === 0 ? { ...job, attempts: [anAttempt(1), anAttempt(2)] } : job)),
    '1 jobs or objects are there more than once',
    { succeeded: 3, duplicates: 1 },
  ],
  [
    'a job with two outputs',
    aRun(3, (job, index) => (index === 0 ? { ...job, outputs: [anOutput(0), anOutput(1)] } : job)),
    'more than once',
    { duplicates: 1 },
  ],
  ['an object that nobody has', { ...aRun(3), storedObjects: 4 }, 'more than once', { duplicates: 1 }],
  ['an output without an object', { ...aRun(3), storedObjects: 2 }, '1 outputs have no object', { duplicates: 0 }],
  ['a job without an output', aRun(3, (job) => ({ ...job, outputs: [] })), '3 jobs succeeded without an output', {}],
  [
    'a job that is not listed',
    { ...aRun(3), jobs: aRun(2).jobs },
    '1 jobs were accepted and are not listed',
    { succeeded: 2 },
  ],
])('finds %s', (_what, run, fault, summary) => {
  expect(findFaults(run).join('\n')).toContain(fault);
  expect(summarize(run)).toMatchObject(summary);
});

test('finds two submissions that became one job', () => {
  const run = aRun(3);
  const submissions = run.submissions.map((each) => ({ ...each, jobId: 'job_0' }));
  expect(findFaults({ ...run, submissions })).toContain('3 submissions made only 1 jobs');
});

test('has figures also when nothing succeeded', () => {
  const run = aRun(7, (job) => ({ ...job, status: 'failed' }));
  expect(summarize(run)).toMatchObject({ succeeded: 0, jobsPerSecond: 0, succeededMsP50: null });
  expect(findFaults(run)).toContain('and 2 more that did not succeed');
});
