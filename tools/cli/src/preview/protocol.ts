/** How a terminal is made to show a picture. */
export const PREVIEW_PROTOCOLS = ['kitty', 'iterm2', 'sixel', 'blocks'] as const;
export type PreviewProtocol = (typeof PREVIEW_PROTOCOLS)[number];
export const PREVIEW_CHOICES = ['auto', ...PREVIEW_PROTOCOLS, 'none'] as const;
export type PreviewChoice = (typeof PREVIEW_CHOICES)[number];

/**
 * Sends a question to the terminal and yields what it answers up to `isAnswered`, or whatever has come when it takes too
 * long; nothing where asking could do harm.
 */
export type AskTerminal = (question: string, isAnswered: (answer: string) => boolean) => Promise<string>;

/** What is known of the terminal without asking it. */
export interface TerminalTraits {
  /** By the environment, which names some terminals. */
  readonly graphics: { readonly kitty: boolean; readonly iterm2: boolean; readonly sixel: boolean };
  /** Bits; 24 where every colour can be shown. */
  readonly colorDepth: number;
  readonly ask: AskTerminal;
}

export interface ChooseOptions {
  readonly choice: PreviewChoice;
  readonly terminal: TerminalTraits;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const ESC = '\u001B';
/** Of a single pixel, which is not shown: https://sw.kovidgoyal.net/kitty/graphics-protocol/#querying-support-and-available-transmission-mediums */
const KITTY_QUESTION = `${ESC}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA${ESC}\\`;
/** Primary device attributes: every terminal answers, so that the end of the answers is known. */
const ATTRIBUTES_QUESTION = `${ESC}[c`;
// oxlint-disable-next-line no-control-regex -- the answer is a control sequence
const ATTRIBUTES = /\u001B\[\?([\d;]*)c/;
const SIXEL_ATTRIBUTE = '4';

/** Multiplexers inherit the environment of the terminal that they run in, and keep pictures from it. */
function isMultiplexed({ TMUX, STY, TERM = '' }: ChooseOptions['env']): boolean {
  return [TMUX, STY].some((each) => (each ?? '') !== '') || /^(?:screen|tmux)/.test(TERM);
}

/** The console of the Linux kernel shows what it does not understand. */
function isConsole({ TERM }: ChooseOptions['env']): boolean {
  return TERM === 'linux';
}

async function askFor({ ask }: TerminalTraits): Promise<PreviewProtocol | undefined> {
  const answer = await ask(KITTY_QUESTION + ATTRIBUTES_QUESTION, (text) => ATTRIBUTES.test(text));
  if (answer.includes(`${ESC}_Gi=31;OK`)) return 'kitty';
  const attributes = ATTRIBUTES.exec(answer)?.[1]?.split(';') ?? [];
  return attributes.slice(1).includes(SIXEL_ATTRIBUTE) ? 'sixel' : undefined;
}

/**
 * The best that the terminal can; undefined for no preview. Half blocks are made of colour alone, so that `NO_COLOR` and
 * terminals of few colours do without.
 */
export async function choosePreview({ choice, terminal, env }: ChooseOptions): Promise<PreviewProtocol | undefined> {
  if (choice === 'none') return undefined;
  if (choice !== 'auto') return choice;
  if (env.TERM === 'dumb') return undefined;
  const { graphics, colorDepth } = terminal;
  if (!isMultiplexed(env)) {
    const known = (['kitty', 'iterm2', 'sixel'] as const).find((protocol) => graphics[protocol]);
    const found = known ?? (isConsole(env) ? undefined : await askFor(terminal));
    if (found !== undefined) return found;
  }
  return colorDepth >= 24 && (env.NO_COLOR ?? '') === '' ? 'blocks' : undefined;
}
