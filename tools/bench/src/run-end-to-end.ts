import type { Job } from '@afterimage/job-schemas';
import { concurrently } from './concurrently.ts';
import { followJobs } from './follow-jobs.ts';
import type { JobApi } from './job-api.ts';
import type { BenchOptions } from './options.ts';
import type { Measured, Submission } from './summary.ts';

/** A multiple of nothing in the system, so that polls and batches do not fall into step. */
const POLL_INTERVAL_MS = 487;

export interface EndToEndPorts {
  readonly api: JobApi;
  readonly countStoredObjects: () => Promise<number>;
  readonly newIdempotencyKey: () => string;
  readonly wallClockMs: () => number;
  readonly monotonicMs: () => number;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly report: (line: string) => void;
}

type Load = Pick<BenchOptions, 'jobs' | 'concurrency' | 'size' | 'steps'>;

/** Measures one run after a warm-up of `concurrency` jobs, which starts the functions and is not counted. */
export function makeEndToEnd(ports: EndToEndPorts) {
  const { api, countStoredObjects, newIdempotencyKey, wallClockMs, monotonicMs, sleep, report } = ports;

  async function submitAll({ jobs, concurrency, size, steps }: Load, signal: AbortSignal): Promise<Submission[]> {
    return concurrently(jobs, concurrency, async (index) => {
      const request = { size, steps, seed: index, idempotencyKey: newIdempotencyKey() };
      const submittedAtMs = wallClockMs();
      const startMs = monotonicMs();
      const { id: jobId } = await api.submit(request, signal);
      return { jobId, submittedAtMs, acceptedMs: monotonicMs() - startMs };
    });
  }

  async function submitAndFollow(load: Load, signal: AbortSignal): Promise<{ submissions: Submission[]; jobs: Job[] }> {
    // Exclusive in the API, so a job of the same millisecond would be left out.
    const createdAfter = new Date(wallClockMs() - 1).toISOString();
    const submissions = await submitAll(load, signal);
    report(`${submissions.length} accepted`);
    const options = { api, count: load.jobs, createdAfter, pollIntervalMs: POLL_INTERVAL_MS, sleep };
    const listed = await followJobs(options, signal);
    const own = new Set(submissions.map(({ jobId }) => jobId));
    return { submissions, jobs: listed.filter(({ id }) => own.has(id)) };
  }

  return async function endToEnd(load: Load, signal: AbortSignal): Promise<Measured> {
    report(`warm-up: ${load.concurrency} jobs`);
    await submitAndFollow({ ...load, jobs: load.concurrency }, signal);
    const before = await countStoredObjects();
    report(`run: ${load.jobs} jobs at concurrency ${load.concurrency}`);
    const { submissions, jobs } = await submitAndFollow(load, signal);
    return { submissions, jobs, storedObjects: (await countStoredObjects()) - before, concurrency: load.concurrency };
  };
}
