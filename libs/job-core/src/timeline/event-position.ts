import type { StoredProgress } from '@afterimage/job-schemas';
import { EVENT_ID, fingerprint } from '@afterimage/job-schemas';

/** Where a reader of a job's events is. */
export interface EventPosition {
  /** Events that it has, progress left out. */
  readonly sequence: number;
  /** Tag of the progress that it saw last; null when it saw none of the current attempt. */
  readonly progressTag: string | null;
}

/** Before the first event. */
export const START: EventPosition = { sequence: 0, progressTag: null };

/** The id of the event that leads to this position. */
export function formatEventId({ sequence, progressTag }: EventPosition): string {
  return progressTag === null ? String(sequence) : `${sequence}.${progressTag}`;
}

/** Undefined for what is no id of an event. */
export function parseEventId(id: string): EventPosition | undefined {
  const match = EVENT_ID.exec(id);
  return match === null ? undefined : { sequence: Number(match[1]), progressTag: match[2] ?? null };
}

/** Tells one progress from another: the first 32 bits of its fingerprint, in hex. */
export function progressTagOf(progress: StoredProgress): string {
  return fingerprint(progress).slice(0, 8);
}
