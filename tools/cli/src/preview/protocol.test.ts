import { describe, expect, it, vi } from 'vitest';
import { choosePreview, type ChooseOptions, type TerminalTraits } from './protocol.ts';

const NONE = { kitty: false, iterm2: false, sixel: false };

function choose(
  { choice = 'auto', env = {} }: Partial<Omit<ChooseOptions, 'terminal'>>,
  traits: Partial<TerminalTraits> = {},
) {
  return choosePreview({ choice, env, terminal: { graphics: NONE, colorDepth: 24, ask: async () => '', ...traits } });
}

describe('choosePreview', () => {
  it.each(['kitty', 'iterm2', 'sixel', 'blocks'] as const)(
    'shows %s when asked for it, whatever it finds',
    async (choice) => {
      const ask = vi.fn<TerminalTraits['ask']>();
      expect(await choose({ choice, env: { NO_COLOR: '1', TERM: 'dumb' } }, { colorDepth: 1, ask })).toBe(choice);
      expect(ask).not.toHaveBeenCalled();
    },
  );

  it('prefers what the environment names, the best first, and then asks nothing', async () => {
    const ask = vi.fn<TerminalTraits['ask']>();
    expect(await choose({}, { graphics: { kitty: true, iterm2: true, sixel: true }, ask })).toBe('kitty');
    expect(await choose({}, { graphics: { kitty: false, iterm2: true, sixel: true }, ask })).toBe('iterm2');
    expect(await choose({}, { graphics: { ...NONE, sixel: true }, ask })).toBe('sixel');
    expect(ask).not.toHaveBeenCalled();
  });

  it.each([
    ['kitty', '\u001B_Gi=31;OK\u001B\\\u001B[?62;c', 'kitty'],
    ['foot', '\u001B[?62;4;22;28c', 'sixel'],
    ['xterm with Sixel', '\u001B[?63;1;2;4;6;9;15;22c', 'sixel'],
    ['GNOME', '\u001B[?65;1;9c', 'blocks'],
    ['a VT of level 4 without Sixel', '\u001B[?4;6c', 'blocks'],
    ['one that says that it cannot', '\u001B_Gi=31;ENOTSUPPORTED\u001B\\\u001B[?62c', 'blocks'],
    ['one that does not answer', '', 'blocks'],
  ])('reads the answer of %s', async (_terminal, answer, expected) => {
    const ask = vi.fn<TerminalTraits['ask']>(async (_question, isAnswered) => {
      expect(isAnswered(answer)).toBe(answer !== '');
      return answer;
    });
    expect(await choose({}, { ask })).toBe(expected);
    expect(ask).toHaveBeenCalledOnce();
  });

  it.each([{ TMUX: '/tmp/tmux-1' }, { STY: '1.pts' }, { TERM: 'screen-256color' }, { TERM: 'tmux-256color' }])(
    'does with blocks within a multiplexer: %j',
    async (env) => {
      const ask = vi.fn<TerminalTraits['ask']>();
      expect(await choose({ env }, { graphics: { ...NONE, kitty: true }, ask })).toBe('blocks');
      expect(ask).not.toHaveBeenCalled();
    },
  );

  it('has no blocks without colour, but pictures', async () => {
    expect(await choose({ env: { NO_COLOR: '1' } })).toBeUndefined();
    expect(await choose({}, { colorDepth: 8 })).toBeUndefined();
    expect(await choose({ env: { NO_COLOR: '1' } }, { graphics: { ...NONE, sixel: true } })).toBe('sixel');
  });

  it('does not ask the console of the kernel', async () => {
    const ask = vi.fn<TerminalTraits['ask']>();
    expect(await choose({ env: { TERM: 'linux' } }, { colorDepth: 4, ask })).toBeUndefined();
    expect(ask).not.toHaveBeenCalled();
  });

  it('shows nothing on a dumb terminal, or when told so', async () => {
    expect(await choose({ env: { TERM: 'dumb' } })).toBeUndefined();
    expect(await choose({ choice: 'none' }, { graphics: { ...NONE, kitty: true } })).toBeUndefined();
  });
});
