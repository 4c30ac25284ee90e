import { type ActResult, type DeadLetterAct, deadLetterActSchema } from '@afterimage/admin-schemas';
import { toProblemError } from '@afterimage/app-host/http';
import { type Clock, ProblemError } from '@afterimage/job-core';
import type { AdminHandler } from '../api/admin-request.ts';
import { checkCount } from '../api/check-count.ts';
import type { OperatorQueues } from '../queues/operator-queues.ts';
import type { NamedQueue, QueueDirectory } from '../queues/queue-directory.ts';
import type { ExplainedLetter } from './explain-letter.ts';
import type { HoldLetters } from './hold-letters.ts';
import type { RedriveFrom } from './redrive-from.ts';

export interface DeadLetterActsPorts {
  readonly queues: Pick<OperatorQueues, 'depth' | 'delete'>;
  readonly directory: Pick<QueueDirectory, 'findDeadLetters'>;
  readonly holdLetters: HoldLetters;
  readonly redriveFrom: RedriveFrom;
  readonly now: Clock;
}

/** A request must be answered: what is left then waits for the next one. */
const TIME_MS = 20_000;

type HandleLetter = (letter: ExplainedLetter) => Promise<void>;

interface Tally {
  readonly done: string[];
  readonly failures: ActResult['failures'];
}

function isMeant({ groupId, messageId }: DeadLetterAct, letter: ExplainedLetter): boolean {
  if (messageId !== undefined) return letter.message.messageId === messageId;
  return groupId === undefined || letter.groupId === groupId;
}

/** Redrives or discards one dead letter, those of a group, or all of a queue. */
export function makeDeadLetterActs(ports: DeadLetterActsPorts) {
  const { queues, directory, holdLetters, redriveFrom, now } = ports;

  async function settle(
    queue: NamedQueue,
    letters: readonly ExplainedLetter[],
    handle: HandleLetter,
    tally: Tally,
  ): Promise<void> {
    for (const letter of letters) {
      const { messageId: id } = letter.message;
      try {
        await handle(letter);
        await queues.delete(queue.url, letter.message);
        tally.done.push(id);
      } catch (error) {
        const { code, details } = toProblemError(error);
        tally.failures.push({ id, code, detail: details.detail });
        await holdLetters.release(queue, [letter]);
      }
    }
  }

  /** One look, and what is done to the letters in it that are meant; false when there was no new one. */
  async function look(queue: NamedQueue, act: DeadLetterAct, handle: HandleLetter, tally: Tally): Promise<boolean> {
    const known = new Set([...tally.done, ...tally.failures.map(({ id }) => id)]);
    const held = await holdLetters.hold(queue);
    const meant = held.filter((letter) => isMeant(act, letter) && !known.has(letter.message.messageId));
    await holdLetters.release(
      queue,
      held.filter((letter) => !meant.includes(letter)),
    );
    try {
      checkCount(meant.length + known.size, act.expectedCount, `dead letters in ${queue.name}`);
    } catch (error) {
      await holdLetters.release(queue, meant);
      // What was done before is told; the letters that came meanwhile wait to be confirmed.
      if (known.size > 0) return false;
      throw error;
    }
    await settle(queue, meant, handle, tally);
    return meant.length > 0;
  }

  function makeAct(handlerFor: (queue: NamedQueue) => Promise<HandleLetter>): AdminHandler {
    return async (request) => {
      const act = request.body(deadLetterActSchema);
      const queue = directory.findDeadLetters(act.queue);
      const isAll = act.groupId === undefined && act.messageId === undefined;
      if (isAll) checkCount((await queues.depth(queue.url)).visible, act.expectedCount, `dead letters in ${act.queue}`);
      const handle = await handlerFor(queue);
      const tally: Tally = { done: [], failures: [] };
      const endMs = now().getTime() + TIME_MS;
      while ((await look(queue, act, handle, tally)) && isAll && now().getTime() < endMs);
      if (!isAll && tally.done.length + tally.failures.length === 0) {
        throw new ProblemError('not-found', { detail: `what is meant is not in ${act.queue} now: look again` });
      }
      const body: ActResult = { done: tally.done.length, failures: tally.failures };
      const { queue: name, groupId, messageId } = act;
      return {
        body,
        count: tally.done.length,
        before: { queue: name, groupId, messageId },
        after: { messageIds: tally.done.slice(0, 100), failures: tally.failures.slice(0, 100) },
      };
    };
  }

  return {
    redrive: makeAct(redriveFrom),
    // Deleting it is all.
    discard: makeAct(async () => () => Promise.resolve()),
  };
}
