import type { JobStore, MessageQueue } from '@afterimage/job-core';
import { heartbeat } from '@afterimage/job-core';
import type { JobPhase, StoredProgress } from '@afterimage/job-schemas';
import type { Log, MetricSink } from '@afterimage/telemetry';
import { CancelRequestedError, LeaseLostError } from '../interruptions.ts';
import { METRIC } from '../metrics.ts';
import type { Time } from '../time.ts';

export interface LeaseSettings {
  readonly leaseSeconds: number;
  readonly heartbeatIntervalMs: number;
  readonly visibilitySeconds: number;
  readonly visibilityIntervalMs: number;
}

export interface LeasePorts {
  readonly jobs: JobStore;
  readonly time: Time;
  readonly log: Log;
  readonly metrics: MetricSink;
  readonly lease: LeaseSettings;
}

export interface LeaseSubject {
  readonly jobId: string;
  readonly attempt: number;
  readonly token: string;
  /** Monotonic time of just before the claim was sent: the lease is never taken for longer than it is. */
  readonly claimedAtMs: number;
  readonly queue: MessageQueue;
  readonly receiptHandle: string;
  /** The progress to write with the next heartbeat. */
  progress(): StoredProgress | null;
  /** The phase to write with it, and what became of that. */
  readonly phases: { readonly news: JobPhase | undefined; recorded(phase: JobPhase): void };
  /** Called with {@link LeaseLostError} or {@link CancelRequestedError}. */
  interrupt(reason: Error): void;
}

export interface Lease {
  /** Milliseconds that are left of the lease by the worker's own clock; not above 0 once it has run out. */
  remainingMs(): number;
  /** Milliseconds since it was last renewed. */
  ageMs(): number;
  /** No more heartbeats; the lease itself runs on until the job's record is written. */
  end(): void;
  /** Resolves when the calls that were under way at {@link end} are over. */
  readonly over: Promise<void>;
}

/**
 * Keeps a claimed job and its message until `end`. Three loops, each of which arms its timer after its call is over:
 * - heartbeat: renews the lease, writes progress and phase, learns of a cancellation. Refused = lost. An error is borne, because
 *   the lease may outlive it.
 * - watch: the lease is lost once it has run out, even while a heartbeat hangs.
 * - visibility: keeps the message from other workers. It only saves work: the job item alone decides who has the job.
 */
export function holdLease(ports: LeasePorts, subject: LeaseSubject): Lease {
  const { jobs, time, metrics, lease: settings } = ports;
  const { jobId, attempt, token, queue, receiptHandle, interrupt } = subject;
  const ended = new AbortController();
  const about = { jobId, attempt };
  let renewedAtMs = subject.claimedAtMs;
  const remainingMs = () => renewedAtMs + settings.leaseSeconds * 1000 - time.monotonicMs();

  function lose(reason: string): void {
    if (ended.signal.aborted) return;
    ended.abort();
    metrics.count(METRIC.leasesLost);
    ports.log.warn('lease lost', { ...about, reason });
    interrupt(new LeaseLostError(`the lease of ${jobId} is lost: ${reason}`));
  }

  /** False when there is to be no further one. */
  async function beat(): Promise<boolean> {
    const sentAtMs = time.monotonicMs();
    const phase = subject.phases.news;
    const change = heartbeat({
      token,
      now: time.now(),
      leaseSeconds: settings.leaseSeconds,
      progress: subject.progress(),
      ...(phase === undefined ? {} : { phase }),
    });
    const job = await jobs.change(jobId, change);
    if (ended.signal.aborted) return false;
    if (job === undefined) {
      lose('the heartbeat was refused');
      return false;
    }
    renewedAtMs = sentAtMs;
    if (phase !== undefined) subject.phases.recorded(phase);
    if (job.status !== 'canceling') return true;
    interrupt(new CancelRequestedError(`the cancellation of ${jobId} was asked for`));
    return false;
  }

  async function keepBeating(): Promise<void> {
    for (let isHeld = true; isHeld;) {
      await time.wait(settings.heartbeatIntervalMs, ended.signal);
      if (ended.signal.aborted) return;
      try {
        isHeld = await beat();
      } catch (error) {
        metrics.count(METRIC.heartbeatErrors);
        ports.log.warn('heartbeat failed', { ...about, remainingMs: Math.round(remainingMs()), error });
      }
    }
  }

  async function watch(): Promise<void> {
    while (!ended.signal.aborted) {
      const leftMs = remainingMs();
      if (leftMs <= 0) return lose('it ran out');
      await time.wait(leftMs, ended.signal);
    }
  }

  async function keepInvisible(): Promise<void> {
    for (let isInFlight = true; isInFlight;) {
      await time.wait(settings.visibilityIntervalMs, ended.signal);
      if (ended.signal.aborted) return;
      try {
        isInFlight = await queue.changeVisibility(receiptHandle, settings.visibilitySeconds);
        if (!isInFlight) ports.log.warn('message not in flight any more', about);
      } catch (error) {
        metrics.count(METRIC.visibilityErrors);
        ports.log.warn('visibility not extended', { ...about, error });
      }
    }
  }

  const over = Promise.all([keepBeating(), watch(), keepInvisible()]).then(() => undefined);
  return { remainingMs, ageMs: () => time.monotonicMs() - renewedAtMs, end: () => ended.abort(), over };
}
