import { readFileSync } from 'node:fs';
import type { AskTerminal } from './protocol.ts';

/** A round trip over a slow connection; what comes later would end up in the shell. */
const TIMEOUT_MS = 500;
const CTRL_C = '\u0003';

export interface TerminalInput {
  readonly isTTY?: boolean;
  readonly isRaw?: boolean;
  setRawMode?(isRaw: boolean): unknown;
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  off(event: 'data', listener: (chunk: Buffer) => void): unknown;
  pause(): unknown;
}

/**
 * Whether this process has the terminal: one in the background is stopped when it changes the mode of the terminal.
 * @param stat of Linux: pid, name in parentheses, state, parent, group, session, terminal, group in the foreground, …
 */
export function hasForeground(
  platform: NodeJS.Platform,
  stat = () => readFileSync('/proc/self/stat', 'utf8'),
): boolean {
  if (platform === 'win32') return true;
  // Elsewhere it cannot be told from here.
  if (platform !== 'linux') return false;
  try {
    const text = stat();
    const [, , group, , , foreground] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return group !== undefined && group === foreground;
  } catch {
    return false;
  }
}

/** Asks over the input in raw mode, and gives it back as it was. */
export function makeAskTerminal(options: {
  readonly input: TerminalInput;
  readonly output: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly isForeground: () => boolean;
  /** Ctrl-C is a character like any other in raw mode. */
  readonly interrupt: () => void;
}): AskTerminal {
  const { input, output, isForeground, interrupt } = options;
  return async function ask(question, isAnswered) {
    if (input.isTTY !== true || output.isTTY !== true || input.setRawMode === undefined || !isForeground()) return '';
    const wasRaw = input.isRaw === true;
    const { promise, resolve } = Promise.withResolvers<void>();
    let answer = '';
    const onData = (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      if (answer.includes(CTRL_C)) interrupt();
      if (answer.includes(CTRL_C) || isAnswered(answer)) resolve();
    };
    const timer = setTimeout(resolve, TIMEOUT_MS);
    input.setRawMode(true);
    input.on('data', onData);
    try {
      output.write(question);
      await promise;
      return answer;
    } finally {
      clearTimeout(timer);
      input.off('data', onData);
      input.setRawMode(wasRaw);
      input.pause();
    }
  };
}
