import { isDeepStrictEqual } from 'node:util';
import type { Job, JobRecord, TimelineEvent } from '@afterimage/job-schemas';
import { isTerminal } from '@afterimage/job-schemas';
import { type EventPosition, formatEventId, progressTagOf, START } from './event-position.ts';

type EventBody<E = TimelineEvent> = E extends TimelineEvent ? Omit<E, 'id'> : never;

/** An event that is kept, and whether a new attempt starts with it, whose progress starts anew. */
interface KeptEvent {
  readonly body: EventBody;
  readonly startsAttempt: boolean;
}

/**
 * Every event of the job so far but progress, in order: the numbering of events is that of this list. It only ever grows,
 * because the timeline does, and outputs come with the last entry of it.
 */
function keptEvents(record: JobRecord, job: Job): KeptEvent[] {
  const kept: KeptEvent[] = [];
  let state = { status: record.status, phase: record.phase, attempt: 0 };
  for (const { at, reason = null, status = state.status, phase = state.phase, ...rest } of record.timeline) {
    const after = { status, phase, attempt: rest.attempt ?? state.attempt };
    // A write whose answer was lost is sent again, and then notes the same phase twice.
    const isNews = kept.length === 0 || !isDeepStrictEqual(state, after);
    // Of a job that is canceled meanwhile the attempt goes on.
    const isNewAttempt = status === 'running' && state.status !== 'running';
    state = after;
    if (isNews) kept.push({ body: { type: 'status', at, ...after, reason }, startsAttempt: isNewAttempt });
  }
  if (!isTerminal(record.status)) return kept;
  const at = record.finishedAt ?? record.createdAt;
  for (const output of job.outputs) kept.push({ body: { type: 'output', at, output }, startsAttempt: false });
  kept.push({ body: { type: 'end', at, job }, startsAttempt: false });
  return kept;
}

/** A job as one read found it, to be told of as events. */
export interface ReadJob {
  readonly record: JobRecord;
  /** The same, as clients see it. */
  readonly job: Job;
  readonly readAt: Date;
}

/** Events, and where their reader is after them. */
export interface TimelineEvents {
  readonly events: readonly TimelineEvent[];
  readonly position: EventPosition;
  /** Whether nothing can follow: the job has ended, and the reader knows. */
  readonly isOver: boolean;
}

/**
 * What a reader at a position does not know yet. Of progress only the latest is told, and of an attempt that is over none.
 * @param options `withProgress` false leaves progress for a later call
 * @returns undefined when the position is ahead of the job: no event of it led there
 */
export function eventsAfter(
  { record, job, readAt }: ReadJob,
  from: EventPosition,
  { withProgress = true }: { readonly withProgress?: boolean } = {},
): TimelineEvents | undefined {
  const kept = keptEvents(record, job);
  if (from.sequence > kept.length) return undefined;
  const events: TimelineEvent[] = [];
  let position = from;
  for (const { body, startsAttempt } of kept.slice(from.sequence)) {
    position = {
      sequence: position.sequence + 1,
      progressTag: startsAttempt ? null : position.progressTag,
    };
    events.push({ id: formatEventId(position), ...body });
  }
  const { progress } = record;
  const isOver = isTerminal(record.status);
  if (!withProgress || progress === null || job.progress === null || isOver) return { events, position, isOver };
  const progressTag = progressTagOf(progress);
  if (progressTag === position.progressTag) return { events, position, isOver };
  position = { ...position, progressTag };
  events.push({ id: formatEventId(position), type: 'progress', at: readAt.toISOString(), progress: job.progress });
  return { events, position, isOver };
}

/** What a reader who knows nothing is told first: all of the job at once. Only the end of a job is told beside it. */
export function snapshotEvents({ record, job, readAt }: ReadJob): TimelineEvents {
  const count = keptEvents(record, job).length;
  const isOver = isTerminal(record.status);
  const { progress } = record;
  const before: EventPosition = {
    sequence: isOver ? count - 1 : count,
    progressTag: progress === null || isOver ? null : progressTagOf(progress),
  };
  const snapshot: TimelineEvent = { id: formatEventId(before), type: 'snapshot', at: readAt.toISOString(), job };
  if (!isOver) return { events: [snapshot], position: before, isOver };
  const position = { ...before, sequence: count };
  const at = record.finishedAt ?? record.createdAt;
  return { events: [snapshot, { id: formatEventId(position), type: 'end', at, job }], position, isOver };
}

/** The whole timeline of the job, with its latest progress. */
export function timelineOf(read: ReadJob): readonly TimelineEvent[] {
  return eventsAfter(read, START)?.events ?? [];
}
