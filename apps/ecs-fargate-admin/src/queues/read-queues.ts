import type { Queue } from '@afterimage/admin-schemas';
import type { QueueSwitch } from '@afterimage/job-core';
import type { OperatorQueues } from './operator-queues.ts';
import type { KnownQueue, QueueDirectory } from './queue-directory.ts';
import { type MeasureQueues, type QueueMeasure, UNKNOWN } from './queue-meter.ts';

export interface ReadQueuesPorts {
  readonly queues: Pick<OperatorQueues, 'depth'>;
  readonly directory: QueueDirectory;
  readonly queueSwitch: Pick<QueueSwitch, 'pausedOf'>;
  readonly measureQueues: MeasureQueues;
}

/** Null when it does not empty at these rates. */
function secondsToEmpty(held: number, { arrivedPerMinute, endedPerMinute }: QueueMeasure): number | null {
  if (held === 0) return 0;
  if (arrivedPerMinute === null || endedPerMinute === null || endedPerMinute <= arrivedPerMinute) return null;
  return Math.round((held * 60) / (endedPerMinute - arrivedPerMinute));
}

/** How it stands with queues. */
export function makeReadQueues({ queues, directory, queueSwitch, measureQueues }: ReadQueuesPorts) {
  async function deadLettersOf(queueName: string | null): Promise<number> {
    const found = directory.deadLetters.find(({ name }) => name === queueName);
    if (found === undefined) return 0;
    const { visible, inFlight, delayed } = await queues.depth(found.url);
    return visible + inFlight + delayed;
  }

  async function view({ name, url, jobs }: KnownQueue, measure: QueueMeasure): Promise<Queue> {
    const [{ visible, inFlight, delayed, deadLetterQueue }, paused] = await Promise.all([
      queues.depth(url),
      jobs === null ? undefined : queueSwitch.pausedOf(jobs.pool),
    ]);
    return {
      name,
      pool: jobs?.pool ?? null,
      priority: jobs?.priority ?? null,
      visible,
      inFlight,
      delayed,
      deadLetters: await deadLettersOf(deadLetterQueue),
      ...measure,
      secondsToEmpty: secondsToEmpty(visible + inFlight + delayed, measure),
      isPaused: jobs !== null && paused?.has(jobs.priority) === true,
    };
  }

  return async function readQueues(wanted: readonly KnownQueue[]): Promise<Queue[]> {
    const measures = await measureQueues(wanted);
    return Promise.all(wanted.map((queue) => view(queue, measures.get(queue.name) ?? UNKNOWN)));
  };
}
export type ReadQueues = ReturnType<typeof makeReadQueues>;
