import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CliDependencies } from './session.ts';

/** How long an opener has to say that it cannot. */
const FAILS_WITHIN_MS = 1000;

/** The desktop's own opener; it goes on when the command ends. */
export const openFile: CliDependencies['openFile'] = async (target) => {
  const { default: open } = await import('open');
  const opener = await open(target);
  // A viewer may run for as long as it is open, and then nothing comes of its end.
  const over = new AbortController();
  const runsOn = sleep(FAILS_WITHIN_MS, [0], { signal: over.signal }).catch(() => [0]);
  const [code] = await Promise.race([once(opener, 'exit'), runsOn]).finally(() => over.abort());
  if (code !== 0) throw new Error(`the opener ended with ${String(code)}`);
};

/** Prompts are loaded when the first question is asked. */
export const ask: CliDependencies['ask'] = async (message, { isHidden }) => {
  const { isCancel, password, text } = await import('@clack/prompts');
  const answer = await (isHidden ? password({ message }) : text({ message }));
  return isCancel(answer) ? undefined : answer;
};
