import type { MessageQueue } from '@afterimage/job-core';
import type { StoredProgress } from '@afterimage/job-schemas';
import type { ClaimedJob } from './claim-job.ts';
import { DrainError, ExecutionTimeoutError } from './interruptions.ts';
import { Phases } from './phases.ts';
import { type LivePreviews, NO_PREVIEW } from './previews/live-previews.ts';
import { ProgressTracker } from './progress.ts';
import type { ConsumeSignals } from './queue/consume-loop.ts';
import type { Lease, LeasePorts } from './queue/lease.ts';
import { holdLease } from './queue/lease.ts';
import type { AttemptRun } from './run-attempt.ts';

/** The message that brought the claim check. */
export interface Receipt {
  readonly queue: MessageQueue;
  readonly receiptHandle: string;
  readonly receiveCount: number;
  /** Where the trace of the job goes on. */
  readonly traceparent: string | null;
}

/** Where a claimed job is: before the engine, on it, or behind it. */
export type Stage = 'prefetched' | 'running' | 'finishing';

export interface OpenAttempt extends AttemptRun {
  readonly lease: Lease;
  readonly stage: Stage;
  /** The job has the engine: its time begins, and a worker that stops lets it go on until it drains. */
  begin(): void;
  /** The engine has the next job. */
  leaveEngine(): void;
  /** From here on nothing interrupts the attempt: it is about to be concluded. */
  stop(): void;
  /** Just before the attempt was concluded. */
  readonly stoppedAt: Date;
  /** Resolves when every call beside the work is over. */
  close(): Promise<void>;
}

export interface OpenAttemptPorts extends LeasePorts {
  /** None unless given. */
  readonly previews?: LivePreviews;
}

/** Everything that goes on beside the work on a claimed job, and may interrupt it: lease, time limit, drain; and its preview, which may not. */
export function openAttempt(
  ports: OpenAttemptPorts,
  claimed: ClaimedJob,
  receipt: Receipt,
  { stopping, drain }: ConsumeSignals,
): OpenAttempt {
  const { time } = ports;
  const { job, token, claimedAtMs } = claimed;
  const interruption = new AbortController();
  const begun = new AbortController();
  const stopped = new AbortController();
  const interrupt = (reason: Error) => interruption.abort(reason);
  const progress = new ProgressTracker(time);
  const phases = new Phases();
  const subject = { jobId: job.id, attempt: job.attempt, token, claimedAtMs, phases };
  const preview = ports.previews?.open(job) ?? NO_PREVIEW;
  const lease = holdLease(ports, { ...subject, ...receipt, progress: progressToWrite, interrupt });
  let stage: Stage = 'prefetched';
  let limit = Promise.resolve();
  let stoppedAt: Date | undefined;

  function progressToWrite(): StoredProgress | null {
    const { current } = progress;
    return current === null || preview.key === undefined ? current : { ...current, previewKey: preview.key };
  }

  async function limitTime(): Promise<void> {
    const seconds = job.policy.executionTimeoutSeconds;
    await time.wait(seconds * 1000, stopped.signal);
    if (!stopped.signal.aborted) interrupt(new ExecutionTimeoutError(`the attempt took longer than ${seconds} s`));
  }

  function giveBackOn(signal: AbortSignal, until: AbortSignal): void {
    const giveBack = () =>
      interrupt(signal.reason instanceof DrainError ? signal.reason : new DrainError('the worker drains'));
    if (signal.aborted) return giveBack();
    signal.addEventListener('abort', giveBack, { once: true, signal: until });
  }

  giveBackOn(stopping, AbortSignal.any([begun.signal, stopped.signal]));
  giveBackOn(drain, stopped.signal);

  return {
    job,
    progress,
    phases,
    preview,
    lease,
    signal: interruption.signal,
    interrupt,
    get stage() {
      return stage;
    },
    begin() {
      stage = 'running';
      begun.abort();
      preview.begin();
      limit = limitTime();
    },
    leaveEngine() {
      stage = 'finishing';
      preview.end();
    },
    get stoppedAt() {
      return stoppedAt ?? time.now();
    },
    stop() {
      stoppedAt ??= time.now();
      stopped.abort();
      preview.end();
      lease.end();
    },
    async close() {
      preview.remove();
      await Promise.all([lease.over, limit]);
    },
  };
}
