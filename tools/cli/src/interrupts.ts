import { toCliError } from './errors.ts';

/** Closer together than a person presses a key twice: the terminal and a launcher (npx, bin/) both deliver one Ctrl-C. */
const ONE_KEY_PRESS_MS = 100;

/** How long the first Ctrl-C waits for a second one. */
export const CANCEL_WINDOW_SECONDS = 3;

/** Handler of SIGINT: the first detaches, each later one asks for the exit. */
export function makeInterruptHandler(options: {
  readonly nowMs: () => number;
  readonly detach: () => void;
  readonly exit: () => void;
}): () => void {
  let lastAtMs: number | undefined;
  return function onInterrupt() {
    const nowMs = options.nowMs();
    const previousMs = lastAtMs;
    if (previousMs !== undefined && nowMs - previousMs < ONE_KEY_PRESS_MS) return;
    lastAtMs = nowMs;
    if (previousMs === undefined) options.detach();
    else options.exit();
  };
}

/** Whether an error is only the consequence of the user leaving: one with a message of its own is not. */
export function isInterruption(error: unknown, interrupted: AbortSignal): boolean {
  return interrupted.aborted && toCliError(error) === undefined;
}
