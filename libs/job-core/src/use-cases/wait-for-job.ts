import type { JobRecord } from '@afterimage/job-schemas';
import type { Clock } from '../ports.ts';
import type { WaiterSlots } from '../waiter-slots.ts';

export interface WaitForJobPorts {
  readonly getJob: (tenantId: string, jobId: string) => Promise<JobRecord>;
  readonly slots: WaiterSlots;
  readonly now: Clock;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly pollIntervalMs: number;
}

export interface Wait {
  readonly isOver: (job: JobRecord) => boolean;
  readonly waitMs: number;
}

export interface Waited {
  /** As last seen. */
  readonly job: JobRecord;
  /** False when the tenant has too many waiting already: then the job was looked at once. */
  readonly hasWaited: boolean;
}

/** Time beyond its end for which a wait has its place: for the last look and the answer. */
const SLOT_RESERVE_MS = 5000;

/** Looks at the job again and again until the wait is over or its time is up. What is over at once takes no place. */
export function makeWaitForJob(ports: WaitForJobPorts) {
  const { getJob, slots, now, sleep, monotonicMs, pollIntervalMs } = ports;

  return async function waitForJob(tenantId: string, jobId: string, { isOver, waitMs }: Wait): Promise<Waited> {
    const endsAt = monotonicMs() + waitMs;
    let job = await getJob(tenantId, jobId);
    if (isOver(job)) return { job, hasWaited: true };
    const startedAt = now();
    const until = new Date(startedAt.getTime() + waitMs + SLOT_RESERVE_MS);
    const slot = await slots.take(tenantId, { now: startedAt, until });
    if (slot === undefined) return { job, hasWaited: false };
    try {
      for (let leftMs = endsAt - monotonicMs(); !isOver(job) && leftMs > 0; leftMs = endsAt - monotonicMs()) {
        await sleep(Math.min(pollIntervalMs, leftMs));
        job = await getJob(tenantId, jobId);
      }
    } finally {
      await slot.release();
    }
    return { job, hasWaited: true };
  };
}
