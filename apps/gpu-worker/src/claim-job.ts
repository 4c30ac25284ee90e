import type { JobStore } from '@afterimage/job-core';
import { claim, DependencyUnavailableError } from '@afterimage/job-core';
import type { JobMessage, JobRecord } from '@afterimage/job-schemas';
import type { LeaseSettings } from './queue/lease.ts';
import type { Outcome } from './queue/outcome.ts';
import { deferSeconds } from './queue/outcome.ts';
import type { Place, RunningPlaces } from './running-places.ts';
import type { Log } from '@afterimage/telemetry';
import type { Time } from './time.ts';

export interface ClaimPorts {
  readonly jobs: JobStore;
  readonly time: Time;
  readonly log: Log;
  readonly workerId: string;
  readonly newToken: () => string;
  readonly lease: LeaseSettings;
  readonly runningPlaces: Pick<RunningPlaces, 'take' | 'free'>;
}

/** A job that is this worker's. */
export interface ClaimedJob {
  readonly job: JobRecord;
  readonly token: string;
  /** Monotonic time of just before the claim was sent. */
  readonly claimedAtMs: number;
  /** To be freed when the job does not run any more by what this worker wrote. */
  readonly place: Place;
}

export type ClaimResult = { readonly claimed: ClaimedJob } | { readonly outcome: Outcome };

/** Takes the job of a claim check, or tells what to do with the message. */
export function makeClaimJob({ jobs, time, log, workerId, newToken, lease, runningPlaces }: ClaimPorts) {
  return async function claimJob(claimCheck: JobMessage, receiveCount: number): Promise<ClaimResult> {
    const { jobId, attempt } = claimCheck;
    const token = newToken();
    const claimedAtMs = time.monotonicMs();
    try {
      // Before the claim: a place without a job is found at the next recount.
      const heldUntil = time.now();
      const place = await runningPlaces.take(claimCheck.tenantId);
      if (place === undefined) return { outcome: { kind: 'postpone', claimCheck } };
      const change = claim({ attempt, owner: workerId, token, now: time.now(), leaseSeconds: lease.leaseSeconds });
      const job = (await jobs.change(jobId, change)) ?? (await jobs.get(jobId));
      // Also when the claim got through, its answer was lost, and the client's second try was refused.
      if (job?.token === token) return { claimed: { job, token, claimedAtMs, place } };
      runningPlaces.free(place, heldUntil);
      return { outcome: afterRefusal(claimCheck, job) };
    } catch (error) {
      if (!(error instanceof DependencyUnavailableError)) throw error;
      log.warn('job not claimed', { jobId, attempt, error });
      return { outcome: { kind: 'defer', afterSeconds: deferSeconds(receiveCount) } };
    }
  };
}

/**
 * A refused claim check is of no use to anybody: a job that runs elsewhere gets a new one when it is queued again, and one
 * past its start deadline is expired by the reconciler. A claim check from the future cannot be; it is not deleted.
 */
function afterRefusal({ attempt }: JobMessage, job: JobRecord | undefined): Outcome {
  if (job === undefined) return { kind: 'stale', reason: 'there is no such job any more' };
  if (job.attempt < attempt) return { kind: 'poison', reason: `the job is at attempt ${job.attempt} only` };
  if (job.attempt > attempt) return { kind: 'stale', reason: `the job is at attempt ${job.attempt}` };
  if (job.status === 'queued') return { kind: 'stale', reason: 'the start deadline has passed' };
  return { kind: 'stale', reason: `the job is ${job.status}` };
}
