import type { Overview, OverviewWindow } from '@afterimage/admin-schemas';
import { type JobRecord, jobStatusSchema } from '@afterimage/job-schemas';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How far a window goes back, and the width of one point of its charts. */
export const WINDOW_MS: Readonly<Record<OverviewWindow, { readonly length: number; readonly step: number }>> = {
  '1h': { length: HOUR_MS, step: MINUTE_MS },
  '24h': { length: 24 * HOUR_MS, step: 20 * MINUTE_MS },
  '7d': { length: 7 * 24 * HOUR_MS, step: 3 * HOUR_MS },
};

type SummarizedJob = Pick<JobRecord, 'status' | 'createdAt' | 'finishedAt' | 'timings' | 'outputs'>;
type Summary = Omit<Overview, 'window' | 'at' | 'isComplete' | 'costPerImage' | 'alarms'>;
type Point = Overview['series'][number];

/** Nearest rank: a value that was measured. Null when nothing was. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

function percentiles(values: readonly (number | null)[]): Point['waitMs'] {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
}

function runMsOf({ timings }: SummarizedJob): number | null {
  return timings.inferenceMs;
}

function countOf(jobs: readonly SummarizedJob[], status: JobRecord['status']): number {
  return jobs.filter((job) => job.status === status).length;
}

/**
 * What the overview shows of the jobs that were created in the window: counts by state, shares, percentiles and the series.
 * @param now end of the window, milliseconds since the epoch
 */
export function summarizeJobs(jobs: readonly SummarizedJob[], window: OverviewWindow, now: number): Summary {
  const { length, step } = WINDOW_MS[window];
  const firstAt = Math.floor((now - length) / step) * step;
  const points = Math.ceil((now - firstAt) / step);
  const indexOf = (time: string) => Math.floor((Date.parse(time) - firstAt) / step);
  const created = Map.groupBy(jobs, ({ createdAt }) => indexOf(createdAt));
  const ended = Map.groupBy(
    jobs.filter(({ finishedAt }) => finishedAt !== null),
    ({ finishedAt }) => indexOf(finishedAt ?? ''),
  );
  const series = Array.from({ length: points }, (_, index): Point => {
    const ends = ended.get(index) ?? [];
    return {
      at: new Date(firstAt + index * step).toISOString(),
      created: created.get(index)?.length ?? 0,
      succeeded: countOf(ends, 'succeeded'),
      failed: countOf(ends, 'failed'),
      canceled: countOf(ends, 'canceled'),
      expired: countOf(ends, 'expired'),
      waitMs: percentiles(ends.map(({ timings }) => timings.queuedMs)),
      runMs: percentiles(ends.map(runMsOf)),
    };
  });
  const succeeded = countOf(jobs, 'succeeded');
  const judged = succeeded + countOf(jobs, 'failed');
  return {
    jobsByStatus: Object.fromEntries(
      jobStatusSchema.options.map((status) => [status, countOf(jobs, status)]),
    ) as Overview['jobsByStatus'],
    successRate: judged === 0 ? null : succeeded / judged,
    waitMs: percentiles(jobs.map(({ timings }) => timings.queuedMs)),
    runMs: percentiles(jobs.map(runMsOf)),
    images: jobs.reduce((sum, { outputs }) => sum + outputs.length, 0),
    engineSeconds: jobs.reduce((sum, { timings }) => sum + (timings.inferenceMs ?? 0), 0) / 1000,
    series,
  };
}
