import type { KnownQueue } from './queue-directory.ts';

/** How it goes with a queue; null what is not known. */
export interface QueueMeasure {
  /** Of the message that waits for the longest; null also when the queue is empty. */
  readonly oldestAgeSeconds: number | null;
  /** Messages a minute over the last five. */
  readonly arrivedPerMinute: number | null;
  readonly endedPerMinute: number | null;
}

export const UNKNOWN: QueueMeasure = { oldestAgeSeconds: null, arrivedPerMinute: null, endedPerMinute: null };

/** Measures queues, by name; what it knows nothing of is left out. */
export type MeasureQueues = (queues: readonly KnownQueue[]) => Promise<ReadonlyMap<string, QueueMeasure>>;
