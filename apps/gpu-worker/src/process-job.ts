import type { JobMessage } from '@afterimage/job-schemas';
import type { ClaimedJob, ClaimPorts } from './claim-job.ts';
import { makeClaimJob } from './claim-job.ts';
import type { ConcludePorts } from './conclude.ts';
import { makeConclude } from './conclude.ts';
import { describeFailure } from './describe-failure.ts';
import { CancelRequestedError, DrainError, LeaseLostError } from './interruptions.ts';
import { METRIC } from './metrics.ts';
import type { OpenAttempt, Receipt } from './open-attempt.ts';
import { openAttempt } from './open-attempt.ts';
import type { LeasePorts } from './queue/lease.ts';
import type { Outcome } from './queue/outcome.ts';
import type { AttemptResult, RunAttemptPorts } from './run-attempt.ts';
import { makeRunAttempt } from './run-attempt.ts';

/** What the worker shows of the job that it works on. */
export interface Activity {
  readonly jobId: string;
  readonly attempt: number;
  leaseAgeMs(): number;
}

export interface ProcessJobPorts extends ClaimPorts, ConcludePorts, LeasePorts, RunAttemptPorts {
  /** Told of the job while it is worked on, and of undefined after that. */
  readonly onActivity: (activity: Activity | undefined) => void;
  /** Told when the engine cannot be brought back to idle: no further job may be taken. */
  readonly onEngineLost: (error: unknown) => void;
}

const RESET_MS = 15_000;

/**
 * One claim check from claim to commit: claim → engine → outputs → record → event. The message is left to the caller,
 * who settles it by the outcome, last of all.
 */
export function makeProcessJob(ports: ProcessJobPorts) {
  const { time, log, metrics, engine, tell } = ports;
  const claimJob = makeClaimJob(ports);
  const runAttempt = makeRunAttempt(ports);
  const conclude = makeConclude(ports);

  async function commit(
    claimed: ClaimedJob,
    attempt: OpenAttempt,
    { outputs, timings }: AttemptResult,
  ): Promise<Outcome> {
    const { job, claimedAtMs } = claimed;
    const firstStartedAt = job.attempts[0]?.startedAt ?? job.createdAt;
    const queuedMs = Math.max(0, Date.parse(firstStartedAt) - Date.parse(job.createdAt));
    const success = {
      outputs,
      progress: attempt.progress.finish(job.input, outputs.length),
      timings: { ...timings, queuedMs },
    };
    const after = await conclude.succeed(claimed, success, attempt.lease);
    if (after === undefined) return { kind: 'abandon', reason: 'the commit was refused' };
    if (job.attempt === 1) metrics.duration(METRIC.queueTime, queuedMs);
    metrics.duration(METRIC.inferenceTime, timings.inferenceMs ?? 0);
    metrics.duration(METRIC.attemptTime, time.monotonicMs() - claimedAtMs);
    return { kind: 'done' };
  }

  async function giveUp(claimed: ClaimedJob, attempt: OpenAttempt, cause: unknown): Promise<Outcome> {
    if (cause instanceof LeaseLostError) return { kind: 'abandon', reason: cause.message };
    if (cause instanceof CancelRequestedError) {
      const after = await conclude.acknowledgeCancel(claimed, attempt.lease);
      return after === undefined ? { kind: 'abandon', reason: 'the cancellation was forced' } : { kind: 'canceled' };
    }
    const { id: jobId, attempt: number } = claimed.job;
    const end = describeFailure(cause, { attempt: number, phase: attempt.phases.current });
    log.warn('attempt ended', { jobId, attempt: number, reason: end.reason, error: cause });
    const after = await conclude.end(claimed, end, attempt.lease);
    if (after === undefined) return { kind: 'abandon', reason: 'the end of the attempt was refused' };
    if (after.status === 'canceled') return { kind: 'canceled' };
    if (after.status === 'failed') return { kind: 'reject', code: end.error.code };
    return cause instanceof DrainError ? { kind: 'release', isClaimed: true } : { kind: 'retry', code: end.error.code };
  }

  async function resetEngine(jobId: string): Promise<void> {
    const inTime = new AbortController();
    const reset = engine.reset(inTime.signal);
    try {
      const late = time
        .wait(RESET_MS, inTime.signal)
        .then(() => Promise.reject(new Error('the engine does not reset')));
      await Promise.race([reset, late]);
    } catch (error) {
      log.error('engine lost', { jobId, error });
      ports.onEngineLost(error);
    } finally {
      inTime.abort();
    }
  }

  async function work(claimed: ClaimedJob, attempt: OpenAttempt): Promise<Outcome> {
    try {
      const result = await runAttempt(attempt);
      attempt.stop();
      return await commit(claimed, attempt, result);
    } catch (cause) {
      attempt.stop();
      const outcome = await giveUp(claimed, attempt, cause);
      await resetEngine(claimed.job.id);
      return outcome;
    }
  }

  /** @param drain aborts when a running job is to be given back */
  return async function processJob(claimCheck: JobMessage, receipt: Receipt, drain: AbortSignal): Promise<Outcome> {
    const result = await claimJob(claimCheck, receipt.receiveCount);
    if ('outcome' in result) return result.outcome;
    const { job } = result.claimed;
    log.info('job claimed', { jobId: job.id, attempt: job.attempt });
    const started = tell(job);
    const attempt = openAttempt(ports, result.claimed, receipt, drain);
    ports.onActivity({ jobId: job.id, attempt: job.attempt, leaseAgeMs: attempt.lease.ageMs });
    try {
      return await work(result.claimed, attempt);
    } finally {
      await Promise.all([attempt.close(), started]);
      ports.onActivity(undefined);
    }
  };
}
