import { COLORS } from './colors.ts';
import { SUBJECT_PHRASES, SUBJECT_WORDS, type SubjectKind } from './subjects.ts';

const TIME_WORDS = {
  dawn: 'dawn sunrise daybreak morning "early morning"',
  day: 'day noon midday daytime daylight afternoon',
  golden: '"golden hour" "late afternoon"',
  sunset: 'sunset sundown evening',
  dusk: 'dusk twilight gloaming "blue hour" nightfall',
  night: 'night midnight nighttime nocturnal "at night" moonlit starlit',
} as const;
export type TimeOfDay = keyof typeof TIME_WORDS;

const WEATHER_WORDS = {
  clear: 'clear cloudless "clear sky"',
  cloudy: 'cloudy overcast clouded',
  storm: 'storm stormy thunder thunderstorm lightning tempest hurricane',
  rain: 'rain rainy raining drizzle downpour wet',
  snow: 'snow snowy snowing snowfall blizzard winter frozen ice icy frost arctic',
  fog: 'fog foggy mist misty haze hazy',
} as const;
export type Weather = keyof typeof WEATHER_WORDS;

const MOOD_WORDS = {
  calm: 'calm peaceful serene tranquil quiet gentle cozy cosy relaxing',
  dramatic: 'dramatic epic majestic intense cinematic powerful',
  dreamy: 'dreamy dreamlike magical ethereal fantasy enchanted surreal whimsical mystical',
  dark: 'dark gloomy moody ominous sinister eerie spooky gothic haunted horror sad melancholic',
  cheerful: 'cheerful happy bright vibrant colorful colourful joyful playful vivid lively',
} as const;
export type Mood = keyof typeof MOOD_WORDS;

const STYLE_WORDS = {
  watercolor: 'watercolor watercolour aquarelle gouache',
  oil: 'oil "oil painting" impasto "oil on canvas" painterly "van gogh"',
  impressionist: 'impressionist impressionism impressionistic monet',
  pixel: 'pixel pixelart "pixel art" 8bit "8 bit" 16bit "16 bit" retro',
  line: 'line lineart "line art" "line drawing" sketch drawing pencil ink etching engraving',
  comic: 'comic cartoon anime manga ghibli cel illustration',
  minimalist: 'minimalist minimal minimalism flat simple vector',
  neon: 'neon cyberpunk synthwave vaporwave cyber futuristic',
  pastel: 'pastel',
  noir: 'noir monochrome "black and white" grayscale greyscale bw',
  sepia: 'sepia vintage antique',
  poly: 'lowpoly "low poly" "low polygon" polygonal geometric origami',
} as const;
export type Style = keyof typeof STYLE_WORDS;

const SEASON_WORDS = {
  spring: 'spring springtime',
  summer: 'summer summertime',
  autumn: 'autumn autumnal fall',
} as const;
export type Season = keyof typeof SEASON_WORDS;

/** What a word or a phrase of the prompt stands for. */
export type Term =
  | { readonly type: 'subject'; readonly kind: SubjectKind }
  | { readonly type: 'color'; readonly name: string }
  | { readonly type: 'time'; readonly time: TimeOfDay }
  | { readonly type: 'weather'; readonly weather: Weather }
  | { readonly type: 'mood'; readonly mood: Mood }
  | { readonly type: 'style'; readonly style: Style }
  | { readonly type: 'season'; readonly season: Season }
  | { readonly type: 'sky' }
  | { readonly type: 'count'; readonly count: number }
  | { readonly type: 'negation' }
  | { readonly type: 'riding' };

const COUNT_WORDS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'] as const;
/** Longest name in the vocabulary, in words. */
export const LONGEST_PHRASE = 4;

const TERMS: ReadonlyMap<string, Term> = new Map(allTerms());

function* allTerms(): Generator<[string, Term]> {
  for (const kind of keysOf(SUBJECT_WORDS))
    for (const word of split(SUBJECT_WORDS[kind])) yield [word, { type: 'subject', kind }];
  for (const [phrase, kind] of SUBJECT_PHRASES) yield [phrase, { type: 'subject', kind }];
  for (const time of keysOf(TIME_WORDS))
    for (const word of split(TIME_WORDS[time])) yield [word, { type: 'time', time }];
  for (const weather of keysOf(WEATHER_WORDS))
    for (const word of split(WEATHER_WORDS[weather])) yield [word, { type: 'weather', weather }];
  for (const mood of keysOf(MOOD_WORDS))
    for (const word of split(MOOD_WORDS[mood])) yield [word, { type: 'mood', mood }];
  for (const season of keysOf(SEASON_WORDS))
    for (const word of split(SEASON_WORDS[season])) yield [word, { type: 'season', season }];
  for (const name of COLORS.keys()) yield [name, { type: 'color', name }];
  for (const style of keysOf(STYLE_WORDS))
    for (const word of split(STYLE_WORDS[style])) yield [word, { type: 'style', style }];
  for (const word of ['sky', 'skies', 'horizon']) yield [word, { type: 'sky' }];
  for (const word of ['no', 'without', 'not']) yield [word, { type: 'negation' }];
  for (const word of ['riding', 'rides', 'on horseback']) yield [word, { type: 'riding' }];
  yield* COUNT_WORDS.map((word, index): [string, Term] => [word, { type: 'count', count: index + 1 }]);
  for (let count = 1; count <= 8; count += 1) yield [String(count), { type: 'count', count }];
  yield ['several', { type: 'count', count: 4 }];
  yield ['couple', { type: 'count', count: 2 }];
  yield ['pair', { type: 'count', count: 2 }];
}

/** The words of a list; what is between quotes is one phrase. */
function split(list: string): string[] {
  return (list.match(/"[^"]+"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

function keysOf<T extends object>(table: T): (keyof T & string)[] {
  return Object.keys(table) as (keyof T & string)[];
}

/** Finds a term, singular or plural. */
export function findTerm(phrase: string): { readonly term: Term; readonly isPlural: boolean } | undefined {
  for (const [index, candidate] of singulars(phrase).entries()) {
    const term = TERMS.get(candidate);
    if (term !== undefined) return { term, isPlural: index > 0 };
  }
  return undefined;
}

function singulars(word: string): string[] {
  const forms = [word];
  if (word.endsWith('ies')) forms.push(`${word.slice(0, -3)}y`);
  if (word.endsWith('ves')) forms.push(`${word.slice(0, -3)}f`);
  if (word.endsWith('es')) forms.push(word.slice(0, -2));
  if (word.endsWith('s') && !word.endsWith('ss')) forms.push(word.slice(0, -1));
  if (word.endsWith('men')) forms.push(`${word.slice(0, -3)}man`);
  return forms;
}
