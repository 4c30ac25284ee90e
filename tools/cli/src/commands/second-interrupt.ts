import { CANCEL_WINDOW_SECONDS } from '../interrupts.ts';
import type { CommandContext } from './context.ts';

/** Whether the user presses Ctrl-C again. @param again aborted by the second Ctrl-C */
export async function isInterruptedAgain({ sleep }: CommandContext, again: AbortSignal): Promise<boolean> {
  await sleep(CANCEL_WINDOW_SECONDS * 1000, again).catch(() => {});
  return again.aborted;
}
