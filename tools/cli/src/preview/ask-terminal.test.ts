import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { hasForeground, makeAskTerminal, type TerminalInput } from './ask-terminal.ts';

/** A terminal that answers each question with what `answers` has for it. */
function aTerminal(answer: readonly string[], { isTTY = true, isForeground = true } = {}) {
  const events = new EventEmitter();
  const modes: boolean[] = [];
  const input: TerminalInput = {
    isTTY,
    isRaw: false,
    setRawMode: (isRaw) => modes.push(isRaw),
    on: (event, listener) => events.on(event, listener),
    off: (event, listener) => events.off(event, listener),
    pause: vi.fn<() => void>(),
  };
  const questions: string[] = [];
  const write = (question: string) => {
    questions.push(question);
    for (const chunk of answer) events.emit('data', Buffer.from(chunk));
  };
  const interrupt = vi.fn<() => void>();
  const ask = makeAskTerminal({ input, output: { isTTY, write }, isForeground: () => isForeground, interrupt });
  return { ask, questions, modes, interrupt, input, listeners: () => events.listenerCount('data') };
}

const isAnswered = (text: string) => text.endsWith('c');

describe('makeAskTerminal', () => {
  it('yields the answer, however it arrives, and gives the terminal back as it was', async () => {
    const terminal = aTerminal(['\u001B[?6', '2;4c']);
    expect(await terminal.ask('?', isAnswered)).toBe('\u001B[?62;4c');
    expect(terminal).toMatchObject({ questions: ['?'], modes: [true, false] });
    expect(terminal.listeners()).toBe(0);
    expect(terminal.input.pause).toHaveBeenCalledOnce();
  });

  it('does not wait for ever', async () => {
    vi.useFakeTimers();
    try {
      const terminal = aTerminal(['\u001B[?6']);
      const asked = terminal.ask('?', isAnswered);
      await vi.advanceTimersByTimeAsync(500);
      expect(await asked).toBe('\u001B[?6');
      expect(terminal.modes).toEqual([true, false]);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets Ctrl-C through', async () => {
    const terminal = aTerminal(['\u0003']);
    await terminal.ask('?', isAnswered);
    expect(terminal.interrupt).toHaveBeenCalledOnce();
    expect(terminal.modes).toEqual([true, false]);
  });

  it.each([{ isTTY: false }, { isForeground: false }])('asks nothing with %j', async (options) => {
    const terminal = aTerminal(['\u001B[?62;4c'], options);
    expect(await terminal.ask('?', isAnswered)).toBe('');
    expect(terminal).toMatchObject({ questions: [], modes: [] });
  });
});

describe('hasForeground', () => {
  it.each([
    ['42 (node) S 1 42 40 34816 42 4194304', true],
    ['42 (a) b (c) S 1 42 40 34816 40 4194304', false],
    ['42 (node) S 1 42 40 0 -1 4194304', false],
    ['', false],
  ])('reads %j', (stat, expected) => {
    expect(hasForeground('linux', () => stat)).toBe(expected);
  });

  it('is sure of nothing where it cannot look', () => {
    const stat = () => {
      throw new Error('ENOENT');
    };
    expect(hasForeground('linux', stat)).toBe(false);
    expect(hasForeground('darwin')).toBe(false);
    expect(hasForeground('win32')).toBe(true);
  });
});
