import type { Rgb } from '../raster/color.ts';
import { colorOf } from './colors.ts';
import type { SubjectKind } from './subjects.ts';
import {
  findTerm,
  LONGEST_PHRASE,
  type Mood,
  type Season,
  type Style,
  type Term,
  type TimeOfDay,
  type Weather,
} from './vocabulary.ts';

export interface Mention {
  readonly kind: SubjectKind;
  readonly count: number;
  /** A plural without a number: as many as look well. */
  readonly isMany: boolean;
  readonly color: Rgb | undefined;
}

/** What the painter understood of a prompt. Order is the order of the text: what is said first matters most. */
export interface PromptReading {
  readonly subjects: readonly Mention[];
  readonly time: TimeOfDay | undefined;
  readonly season: Season | undefined;
  readonly weather: ReadonlySet<Weather>;
  readonly moods: ReadonlySet<Mood>;
  readonly styles: ReadonlySet<Style>;
  /** Colours said of nothing in particular. */
  readonly colors: readonly Rgb[];
  readonly skyColor: Rgb | undefined;
  readonly isRiding: boolean;
  /** Every word of the prompt, for details such as a beard. */
  readonly words: ReadonlySet<string>;
  /** What must not be in the picture: names of subjects, weathers, styles, times, moods. */
  readonly banned: ReadonlySet<string>;
  readonly bannedColors: readonly Rgb[];
}

interface Found {
  readonly term: Term;
  readonly isPlural: boolean;
  /** Changes at each comma or full stop: a colour does not reach over one. */
  readonly clause: number;
  readonly position: number;
}

/** Words between a colour and what it colours: "red old wooden house". */
const COLOR_REACH = 3;

/** Reads prompt and negative prompt. Accepts any text; what it does not know it skips. */
export function parsePrompt(prompt: string, negativePrompt = ''): PromptReading {
  const { wanted, unwanted } = partition(findTerms(prompt));
  const banned = new Set<string>();
  const bannedColors: Rgb[] = [];
  for (const { term } of [...unwanted, ...findTerms(negativePrompt)]) {
    const color = term.type === 'color' ? colorOf(term.name) : undefined;
    if (color !== undefined) bannedColors.push(color);
    else for (const name of namesOf(term)) banned.add(name);
  }
  const isAllowed = ({ term }: Found): boolean => {
    const color = term.type === 'color' ? colorOf(term.name) : undefined;
    return color === undefined ? !namesOf(term).some((name) => banned.has(name)) : !bannedColors.includes(color);
  };
  const words = new Set(wordsOf(prompt).map(({ word }) => word));
  for (const { word } of wordsOf(negativePrompt)) words.delete(word);
  return { ...understand(wanted.filter(isAllowed)), words, banned, bannedColors };
}

/** The names by which a thing can be banned. Without trees there is no forest either, and so on. */
function namesOf(term: Term): readonly string[] {
  switch (term.type) {
    case 'subject':
      return [term.kind, ...(KIN[term.kind] ?? [])];
    case 'time':
      return [term.time];
    case 'weather':
      return [term.weather];
    case 'mood':
      return [term.mood];
    case 'style':
      return [term.style];
    case 'season':
      return [term.season];
    default:
      return [];
  }
}

const KIN: Partial<Record<SubjectKind, readonly string[]>> = {
  tree: ['forest'],
  forest: ['tree'],
  bird: ['seagull'],
  person: ['portrait'],
  portrait: ['person'],
};

function partition(found: readonly Found[]): { wanted: Found[]; unwanted: Found[] } {
  const wanted: Found[] = [];
  const unwanted: Found[] = [];
  let negation: Found | undefined;
  for (const item of found) {
    const isNear = negation !== undefined && negation.clause === item.clause && item.position - negation.position <= 3;
    if (item.term.type === 'negation') negation = item;
    else (isNear ? unwanted : wanted).push(item);
  }
  return { wanted, unwanted };
}

function understand(found: readonly Found[]): Omit<PromptReading, 'words' | 'banned' | 'bannedColors'> {
  const subjects: Mention[] = [];
  const colors: Rgb[] = [];
  const weather = new Set<Weather>();
  const moods = new Set<Mood>();
  const styles = new Set<Style>();
  let time: TimeOfDay | undefined;
  let season: Season | undefined;
  let skyColor: Rgb | undefined;
  let isRiding = false;
  let count: Found | undefined;
  let pending: { color: Rgb; from: Found } | undefined;
  const takeColor = (item: Found): Rgb | undefined => {
    const isNear = pending?.from.clause === item.clause && item.position - pending.from.position <= COLOR_REACH;
    const color = isNear ? pending?.color : undefined;
    if (isNear) pending = undefined;
    return color;
  };
  for (const item of found) {
    const { term } = item;
    if (term.type === 'color') {
      if (pending !== undefined) colors.push(pending.color);
      const color = colorOf(term.name);
      pending = color === undefined ? undefined : { color, from: item };
    } else if (term.type === 'count') count = item;
    else if (term.type === 'subject') {
      const said = count?.term.type === 'count' && item.position - count.position <= COLOR_REACH ? count.term.count : 0;
      count = undefined;
      const mention = {
        kind: term.kind,
        count: said > 0 ? said : item.isPlural ? 3 : 1,
        isMany: said === 0 && item.isPlural,
        color: takeColor(item),
      };
      if (!subjects.some(({ kind }) => kind === mention.kind)) subjects.push(mention);
    } else if (term.type === 'time') {
      time ??= term.time;
      skyColor ??= takeColor(item);
    } else if (term.type === 'sky') skyColor ??= takeColor(item);
    else if (term.type === 'weather') weather.add(term.weather);
    else if (term.type === 'mood') moods.add(term.mood);
    else if (term.type === 'style') styles.add(term.style);
    else if (term.type === 'season') season ??= term.season;
    else if (term.type === 'riding') isRiding = true;
  }
  if (pending !== undefined) colors.push(pending.color);
  return { subjects, time, season, weather, moods, styles, colors, skyColor, isRiding };
}

/** The longest names of the vocabulary, from left to right. */
function findTerms(text: string): Found[] {
  const found: Found[] = [];
  const words = wordsOf(text);
  for (let index = 0; index < words.length;) {
    let taken = 1;
    for (let length = Math.min(LONGEST_PHRASE, words.length - index); length >= 1; length -= 1) {
      const slice = words.slice(index, index + length);
      const clause = slice[0]?.clause ?? 0;
      if (slice.some((word) => word.clause !== clause)) continue;
      const match = findTerm(slice.map(({ word }) => word).join(' '));
      if (match === undefined) continue;
      found.push({ ...match, clause, position: index });
      taken = length;
      break;
    }
    index += taken;
  }
  return found;
}

/** Lower-case words with the number of their clause. Weights and extra networks of other front ends are dropped. */
function wordsOf(text: string): { word: string; clause: number }[] {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/<[^<>]*>/g, ',')
    .replaceAll(/:\s*\d+(?:\.\d+)?/g, ' ');
  return plain
    .split(/[,.;\n|]+/)
    .flatMap((part, clause) => (part.match(/[a-z0-9]+/g) ?? []).map((word) => ({ word, clause })));
}
