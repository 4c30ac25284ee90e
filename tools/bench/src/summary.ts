import type { Job } from '@afterimage/job-schemas';
import { percentile } from './percentile.ts';

/** What the client saw of one job. */
export interface Submission {
  readonly jobId: string;
  /** Wall clock, the same machine's as the job's own times. */
  readonly submittedAtMs: number;
  /** From the first byte sent to the reply read. */
  readonly acceptedMs: number;
}

/** The last line of the benchmark. Times in milliseconds. */
export interface Summary {
  readonly bench: 'end-to-end';
  readonly jobs: number;
  readonly concurrency: number;
  /** From the first submission to the last job's end. */
  readonly jobsPerSecond: number;
  readonly acceptedMsP50: number;
  readonly acceptedMsP99: number;
  readonly succeededMsP50: number | null;
  readonly succeededMsP99: number | null;
  readonly succeeded: number;
  /** Jobs that ran or have outputs more than once, and stored objects that belong to no output. */
  readonly duplicates: number;
}

export interface Measured {
  readonly submissions: readonly Submission[];
  readonly jobs: readonly Job[];
  /** Objects that the run added to the bucket. */
  readonly storedObjects: number;
  readonly concurrency: number;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function finishedAtMs(job: Job): number {
  return job.finishedAt === null ? Number.NaN : Date.parse(job.finishedAt);
}

export function summarize({ submissions, jobs, storedObjects, concurrency }: Measured): Summary {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const done = submissions.flatMap((submission) => {
    const job = byId.get(submission.jobId);
    return job?.status === 'succeeded' ? [{ job, submission }] : [];
  });
  const succeededMs = done.map(({ job, submission }) => finishedAtMs(job) - submission.submittedAtMs);
  const acceptedMs = submissions.map((each) => each.acceptedMs);
  const outputs = jobs.reduce((sum, job) => sum + job.outputs.length, 0);
  const repeated = jobs.filter((job) => job.attempts.length > 1 || job.outputs.length > 1).length;
  const firstMs = Math.min(...submissions.map((each) => each.submittedAtMs));
  const lastMs = Math.max(firstMs, ...done.map(({ job }) => finishedAtMs(job)));
  return {
    bench: 'end-to-end',
    jobs: submissions.length,
    concurrency,
    jobsPerSecond: lastMs === firstMs ? 0 : round((done.length * 1000) / (lastMs - firstMs)),
    acceptedMsP50: round(percentile(acceptedMs, 50)),
    acceptedMsP99: round(percentile(acceptedMs, 99)),
    succeededMsP50: done.length === 0 ? null : round(percentile(succeededMs, 50)),
    succeededMsP99: done.length === 0 ? null : round(percentile(succeededMs, 99)),
    succeeded: done.length,
    duplicates: repeated + Math.max(0, storedObjects - outputs),
  };
}

/** What keeps the run from being good: empty when every job succeeded exactly once and its image is there. */
export function findFaults({ submissions, jobs, storedObjects, concurrency }: Measured): string[] {
  const summary = summarize({ submissions, jobs, storedObjects, concurrency });
  const known = new Map(jobs.map((job) => [job.id, job]));
  const distinct = new Set(submissions.map(({ jobId }) => jobId)).size;
  const missing = submissions.filter(({ jobId }) => !known.has(jobId)).length;
  const otherEnds = jobs.filter(({ status }) => status !== 'succeeded');
  const withoutOutput = jobs.filter(({ status, outputs }) => status === 'succeeded' && outputs.length === 0).length;
  const outputs = jobs.reduce((sum, job) => sum + job.outputs.length, 0);
  return [
    ...(distinct === submissions.length ? [] : [`${submissions.length} submissions made only ${distinct} jobs`]),
    ...(missing === 0 ? [] : [`${missing} jobs were accepted and are not listed`]),
    ...otherEnds
      .slice(0, 5)
      .map((job) => `${job.id} is ${job.status}${job.error === null ? '' : `: ${job.error.code}`}`),
    ...(otherEnds.length <= 5 ? [] : [`and ${otherEnds.length - 5} more that did not succeed`]),
    ...(withoutOutput === 0 ? [] : [`${withoutOutput} jobs succeeded without an output`]),
    ...(summary.duplicates === 0 ? [] : [`${summary.duplicates} jobs or objects are there more than once`]),
    ...(storedObjects >= outputs ? [] : [`${outputs - storedObjects} outputs have no object in the bucket`]),
  ];
}
