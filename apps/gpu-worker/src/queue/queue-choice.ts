import type { Priority } from '@afterimage/job-schemas';

/** Jobs that `batch` may be passed over for in a row, while it has work: it gets one in ten. */
export const INTERACTIVE_RUN = 9;

/** `interactive` jobs taken since `batch` last had its turn. */
export type Turn = number;
export const FIRST_TURN: Turn = 0;

/** The queues in the order in which to look into them. */
export function queueOrder(turn: Turn): readonly [Priority, Priority] {
  return turn >= INTERACTIVE_RUN ? ['batch', 'interactive'] : ['interactive', 'batch'];
}

/** The turn after a message of this queue was taken. A turn that `batch` had no work for is used up as well. */
export function turnAfter(turn: Turn, taken: Priority): Turn {
  if (taken === 'batch') return FIRST_TURN;
  return turn >= INTERACTIVE_RUN ? 1 : turn + 1;
}
