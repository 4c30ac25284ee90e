import { expect, test } from 'vitest';
import { CliError } from './errors.ts';
import { isInterruption, makeInterruptHandler } from './interrupts.ts';

test.each([
  ['one Ctrl-C detaches', [0], ['detach']],
  ['the second one exits', [0, 400], ['detach', 'exit']],
  ['one that is delivered twice is one', [0, 3], ['detach']],
  ['each later one is told once, however it is delivered', [0, 3, 400, 402, 800], ['detach', 'exit', 'exit']],
])('%s', (_what, timesMs, expected) => {
  const calls: string[] = [];
  let nowMs = 0;
  const onInterrupt = makeInterruptHandler({
    nowMs: () => nowMs,
    detach: () => void calls.push('detach'),
    exit: () => void calls.push('exit'),
  });
  for (const timeMs of timesMs) {
    nowMs = timeMs;
    onInterrupt();
  }
  expect(calls).toEqual(expected);
});

test('an error with a message of its own is shown even after a Ctrl-C', () => {
  const aborted = AbortSignal.abort();
  expect(isInterruption(aborted.reason, aborted)).toBe(true);
  expect(isInterruption(new CliError(2, 'wrong'), aborted)).toBe(false);
  expect(isInterruption(new Error('bug'), new AbortController().signal)).toBe(false);
});
