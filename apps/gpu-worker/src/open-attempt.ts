import type { MessageQueue } from '@afterimage/job-core';
import type { ClaimedJob } from './claim-job.ts';
import { DrainError, ExecutionTimeoutError } from './interruptions.ts';
import { PhaseWriter } from './phase-writer.ts';
import { ProgressTracker } from './progress.ts';
import type { Lease, LeasePorts } from './queue/lease.ts';
import { holdLease } from './queue/lease.ts';
import type { AttemptRun } from './run-attempt.ts';

/** The message that brought the claim check. */
export interface Receipt {
  readonly queue: MessageQueue;
  readonly receiptHandle: string;
  readonly receiveCount: number;
}

export interface OpenAttempt extends AttemptRun {
  readonly lease: Lease;
  /** From here on nothing interrupts the attempt: it is about to be concluded. */
  stop(): void;
  /** Resolves when every call beside the work is over. */
  close(): Promise<void>;
}

/** Everything that goes on beside the work on a claimed job, and may interrupt it: lease, time limit, drain. */
export function openAttempt(ports: LeasePorts, claimed: ClaimedJob, receipt: Receipt, drain: AbortSignal): OpenAttempt {
  const { time, log, jobs } = ports;
  const { job, token, claimedAtMs } = claimed;
  const subject = { jobId: job.id, attempt: job.attempt, token };
  const interruption = new AbortController();
  const stopped = new AbortController();
  const interrupt = (reason: Error) => interruption.abort(reason);
  const progress = new ProgressTracker(time);
  const phases = new PhaseWriter(jobs, log, subject);
  const lease = holdLease(ports, { ...subject, ...receipt, claimedAtMs, progress: () => progress.current, interrupt });

  async function limitTime(): Promise<void> {
    const seconds = job.policy.executionTimeoutSeconds;
    await time.wait(seconds * 1000, stopped.signal);
    if (!stopped.signal.aborted) interrupt(new ExecutionTimeoutError(`the attempt took longer than ${seconds} s`));
  }

  const giveBack = () => interrupt(new DrainError('the worker drains'));
  drain.addEventListener('abort', giveBack, { once: true, signal: stopped.signal });
  if (drain.aborted) giveBack();
  const limit = limitTime();

  return {
    job,
    progress,
    phases,
    lease,
    signal: interruption.signal,
    interrupt,
    stop() {
      stopped.abort();
      lease.end();
    },
    async close() {
      await Promise.all([lease.over, limit, phases.close()]);
    },
  };
}
