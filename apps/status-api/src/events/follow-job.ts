import {
  type Clock,
  DependencyUnavailableError,
  type EventPosition,
  eventsAfter,
  type FindJob,
  ProblemError,
  type ReadJob,
  snapshotEvents,
  type TimelineEvents,
  type WaiterSlot,
  type WaiterSlots,
} from '@afterimage/job-core';
import type { Job, JobRecord } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';
import { RETRY_MS, type StreamItem } from './event-stream.ts';

export interface FollowJobPorts {
  readonly getJob: FindJob;
  readonly present: (job: JobRecord) => Promise<Job>;
  readonly slots: WaiterSlots;
  readonly now: Clock;
  /** Resolves after the time, or as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly log: Log;
  readonly pollIntervalMs: number;
}

export interface Follow {
  readonly tenantId: string;
  readonly jobId: string;
  /** What the stream begins with, and where its reader is after that. */
  readonly first: TimelineEvents;
  /** After this the client is asked to come back. */
  readonly streamMs: number;
}

/** Without events a comment goes over the connection, so that nothing on its way takes it for idle. */
export const HEARTBEAT_MS = 15_000;
/** Progress is told at most this often. */
const PROGRESS_INTERVAL_MS = 1000;
/** A stream whose tenant has no place left to wait in is over at once, and its client comes back after this. */
export const CROWDED_RETRY_MS = 10_000;
const SLOT_LEASE_MS = 60_000;
const SLOT_RENEWAL_MS = 20_000;

/** What a stream begins with: all of the job for a new reader, the rest for one that comes back. Undefined for a position that is ahead. */
export function firstEvents(read: ReadJob, from: EventPosition | undefined): TimelineEvents | undefined {
  return from === undefined ? snapshotEvents(read) : eventsAfter(read, from);
}

const reconnect = (retryMs: number): StreamItem => ({ kind: 'reconnect', retryMs });

function* told({ events }: TimelineEvents): Generator<StreamItem, void> {
  for (const event of events) yield { kind: 'event', event };
}

/**
 * Tells of a job what happens to it, up to its end, or that of the stream, or until its reader has gone. It holds a place
 * of the tenant's while it lasts.
 */
export function makeFollowJob(ports: FollowJobPorts) {
  const { getJob, present, slots, now, sleep, monotonicMs, log, pollIntervalMs } = ports;
  const leaseEnd = (start: Date) => new Date(start.getTime() + SLOT_LEASE_MS);

  async function* watch(
    { tenantId, jobId, first, streamMs }: Follow,
    slot: WaiterSlot,
    gone: AbortSignal,
  ): AsyncGenerator<StreamItem> {
    const startedAt = monotonicMs();
    let { position } = first;
    let [saidAt, progressAt, renewedAt] = [startedAt, startedAt, startedAt];
    for (;;) {
      await sleep(pollIntervalMs, gone);
      if (gone.aborted) return;
      const nowMs = monotonicMs();
      if (nowMs - startedAt >= streamMs) return yield reconnect(RETRY_MS);
      if (nowMs - renewedAt >= SLOT_RENEWAL_MS) {
        if (!(await slot.renew(leaseEnd(now())))) return yield reconnect(RETRY_MS);
        renewedAt = nowMs;
      }
      const record = await getJob(tenantId, jobId);
      const read = { record, job: await present(record), readAt: now() };
      const withProgress = nowMs - progressAt >= PROGRESS_INTERVAL_MS;
      const news = eventsAfter(read, position, { withProgress });
      if (news === undefined) throw new Error(`the timeline of ${jobId} has become shorter`);
      position = news.position;
      if (news.events.at(-1)?.type === 'progress') progressAt = nowMs;
      yield* told(news);
      if (news.isOver) return;
      if (news.events.length > 0) saidAt = nowMs;
      else if (nowMs - saidAt >= HEARTBEAT_MS) {
        saidAt = nowMs;
        yield { kind: 'heartbeat' };
      }
    }
  }

  return async function* followJob(follow: Follow, gone: AbortSignal): AsyncGenerator<StreamItem, void> {
    const { tenantId, jobId, first } = follow;
    yield* told(first);
    if (first.isOver) return;
    const startedAt = now();
    const slot = await slots.take(tenantId, { now: startedAt, until: leaseEnd(startedAt) });
    if (slot === undefined) return yield reconnect(CROWDED_RETRY_MS);
    try {
      yield* watch(follow, slot, gone);
    } catch (error) {
      // A job that was erased meanwhile is a problem that the client is told of when it comes back.
      if (!(error instanceof DependencyUnavailableError || error instanceof ProblemError)) throw error;
      log.warn('stream ended early', { jobId, tenantId, attempt: null, traceId: null, error });
      yield reconnect(RETRY_MS);
    } finally {
      await slot.release();
    }
  };
}
