import type { JobRecord } from '@afterimage/job-schemas';

export interface WaitForJobPorts {
  readonly getJob: (tenantId: string, jobId: string) => Promise<JobRecord>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly pollIntervalMs: number;
}

export interface Wait {
  readonly isOver: (job: JobRecord) => boolean;
  readonly waitMs: number;
}

/** Looks at the job again and again until the wait is over or its time is up. The job as last seen. */
export function makeWaitForJob({ getJob, sleep, monotonicMs, pollIntervalMs }: WaitForJobPorts) {
  return async function waitForJob(tenantId: string, jobId: string, { isOver, waitMs }: Wait): Promise<JobRecord> {
    const endsAt = monotonicMs() + waitMs;
    let job = await getJob(tenantId, jobId);
    for (let leftMs = endsAt - monotonicMs(); !isOver(job) && leftMs > 0; leftMs = endsAt - monotonicMs()) {
      await sleep(Math.min(pollIntervalMs, leftMs));
      job = await getJob(tenantId, jobId);
    }
    return job;
  };
}
