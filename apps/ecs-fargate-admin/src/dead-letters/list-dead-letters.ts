import type { DeadLetterGroup, DeadLetters } from '@afterimage/admin-schemas';
import type { Clock } from '@afterimage/job-core';
import type { AdminHandler } from '../api/admin-request.ts';
import type { OperatorQueues } from '../queues/operator-queues.ts';
import type { NamedQueue, QueueDirectory } from '../queues/queue-directory.ts';
import type { ExplainedLetter } from './explain-letter.ts';
import type { HoldLetters } from './hold-letters.ts';

export interface ListDeadLettersPorts {
  readonly queues: Pick<OperatorQueues, 'depth'>;
  readonly directory: Pick<QueueDirectory, 'deadLetters'>;
  readonly holdLetters: HoldLetters;
  readonly now: Clock;
}

function groupsOf(queue: string, letters: readonly ExplainedLetter[]): DeadLetterGroup[] {
  return [...Map.groupBy(letters, ({ groupId }) => groupId)].map(([id, group]) => ({
    id,
    queue,
    cause: group[0]?.cause ?? '',
    count: group.length,
    newestAt:
      group
        .map(({ view }) => view.sentAt)
        .filter((at) => at !== null)
        .toSorted()
        .at(-1) ?? null,
    letters: group.map(({ view }) => view),
  }));
}

/** `GET /dead-letters`: a look at every queue of them; they are visible to everybody again when it is over. */
export function makeListDeadLetters({ queues, directory, holdLetters, now }: ListDeadLettersPorts): AdminHandler {
  async function look(queue: NamedQueue) {
    const { visible, inFlight, delayed } = await queues.depth(queue.url);
    // The counts are approximate: one that counts as in flight may be visible again.
    if (visible + inFlight === 0) return { total: delayed, letters: [], groups: [] };
    const letters = await holdLetters.hold(queue);
    await holdLetters.release(queue, letters);
    const total = Math.max(visible + inFlight + delayed, letters.length);
    return { total, letters, groups: groupsOf(queue.name, letters) };
  }

  return async function listDeadLetters() {
    const looks = await Promise.all(directory.deadLetters.map(look));
    const body: DeadLetters = {
      at: now().toISOString(),
      total: looks.reduce((sum, { total }) => sum + total, 0),
      read: looks.reduce((sum, { letters }) => sum + letters.length, 0),
      groups: looks.flatMap(({ groups }) => groups).toSorted((a, b) => b.count - a.count),
    };
    return { body };
  };
}
