import type { OperatorQueues } from '../queues/operator-queues.ts';
import type { NamedQueue } from '../queues/queue-directory.ts';
import type { ExplainedLetter, ExplainLetter } from './explain-letter.ts';

export interface HoldLettersPorts {
  readonly queues: Pick<OperatorQueues, 'hold' | 'release'>;
  readonly explainLetter: ExplainLetter;
}

/** Read in one look at a queue: who has more of them wants to do something to all. */
const MESSAGES = 100;
/** Longer than a look, and what is done after it, takes. */
const HOLD_SECONDS = 60;
const RELEASED_AT_ONCE = 10;

/** Looks at dead letters without consuming them. Whoever holds some has to release them. */
export function makeHoldLetters({ queues, explainLetter }: HoldLettersPorts) {
  async function release({ url }: NamedQueue, letters: readonly ExplainedLetter[]): Promise<void> {
    const messages = letters.map(({ message }) => message);
    for (let from = 0; from < messages.length; from += RELEASED_AT_ONCE) {
      await queues.release(url, messages.slice(from, from + RELEASED_AT_ONCE));
    }
  }

  async function hold({ name, url }: NamedQueue): Promise<ExplainedLetter[]> {
    const held = new Map<string, ExplainedLetter>();
    while (held.size < MESSAGES) {
      const messages = await queues.hold(url, HOLD_SECONDS);
      const fresh = messages.filter(({ messageId }) => !held.has(messageId));
      if (fresh.length === 0) break;
      for (const letter of await Promise.all(fresh.map((message) => explainLetter(name, message)))) {
        held.set(letter.message.messageId, letter);
      }
    }
    return [...held.values()];
  }

  return { hold, release };
}
export type HoldLetters = ReturnType<typeof makeHoldLetters>;
