import type { Mention, PromptReading } from '../prompt/parse-prompt.ts';
import type { SubjectKind } from '../prompt/subjects.ts';
import { createRng, type Rng } from '../rng.ts';
import { ACTORS } from '../subjects/actors.ts';

/** The kind of picture: which parts make up its background. */
type SceneType = 'outdoors' | 'table' | 'portrait' | 'space' | 'underwater';

export interface Plan {
  readonly type: SceneType;
  /** All that is to be seen, said or drawn from the seed. */
  readonly kinds: ReadonlySet<SubjectKind>;
  readonly mentions: readonly Mention[];
}

const LAND: readonly SubjectKind[] = [
  'mountain',
  'volcano',
  'hill',
  'sea',
  'beach',
  'island',
  'lake',
  'river',
  'waterfall',
  'forest',
  'city',
  'desert',
  'field',
  'road',
  'village',
];

/** The land that goes with a subject when the prompt names none; one of them is drawn. */
const HABITATS: Partial<Record<SubjectKind, readonly [SubjectKind, ...SubjectKind[]]>> = {
  boat: ['sea', 'lake'],
  ship: ['sea'],
  lighthouse: ['sea'],
  seagull: ['sea'],
  whale: ['sea'],
  palm: ['beach'],
  bridge: ['river'],
  pyramid: ['desert'],
  cactus: ['desert'],
  car: ['road'],
  train: ['field', 'mountain'],
  robot: ['city', 'desert', 'field'],
  castle: ['hill', 'mountain'],
  penguin: ['hill'],
  fox: ['forest', 'field'],
  wolf: ['forest', 'mountain'],
  bear: ['forest', 'mountain'],
  deer: ['forest'],
  owl: ['forest'],
  mushroom: ['forest'],
  tent: ['lake', 'mountain', 'forest'],
  campfire: ['lake', 'forest'],
  snowman: ['forest', 'hill'],
  person: ['mountain', 'sea', 'field'],
  balloon: ['hill', 'mountain'],
  aurora: ['lake', 'mountain', 'forest'],
  rainbow: ['hill', 'field'],
  house: ['hill', 'field', 'lake', 'forest'],
  rocket: ['desert', 'hill'],
};

/** Pictures for prompts in which nothing is known: the words choose one, the seed varies it. */
const THEMES: readonly [readonly SubjectKind[], ...(readonly SubjectKind[])[]] = [
  ['mountain', 'lake'],
  ['sea', 'boat'],
  ['hill', 'house'],
  ['forest', 'river'],
  ['desert'],
  ['city', 'river'],
  ['mountain', 'balloon'],
  ['sea', 'lighthouse'],
  ['field', 'windmill'],
  ['field', 'tree'],
  ['space', 'planet'],
  ['island', 'palm'],
];

export function planScene(reading: PromptReading, prompt: string, seeded: Rng): Plan {
  const isAllowed = (kind: SubjectKind): boolean => !reading.banned.has(kind);
  let mentions: readonly Mention[] = reading.subjects;
  if (mentions.length === 0) {
    const theme = createRng('theme', prompt.trim().toLowerCase());
    const options = THEMES.filter((kinds) => kinds.every(isAllowed));
    const kinds = options[theme.int(0, Math.max(0, options.length - 1))] ?? ['hill'];
    mentions = kinds.map((kind) => ({ kind, count: 1, isMany: false, color: undefined }));
  }
  const kinds = new Set(mentions.map(({ kind }) => kind));
  const type = sceneTypeOf(kinds);
  if (type === 'outdoors') addHabitat(kinds, isAllowed, seeded.fork('habitat'));
  return { type, kinds, mentions };
}

function sceneTypeOf(kinds: ReadonlySet<SubjectKind>): SceneType {
  const has = (...wanted: readonly SubjectKind[]): boolean => wanted.some((kind) => kinds.has(kind));
  const isOnLand = LAND.some((kind) => kinds.has(kind));
  const isBesideFish = (kind: SubjectKind): boolean =>
    kind !== 'fish' && ACTORS[kind] !== undefined && ACTORS[kind]?.zone !== 'sky';
  if (has('underwater') || (has('fish') && ![...kinds].some(isBesideFish))) return 'underwater';
  if (has('portrait')) return 'portrait';
  if (has('space') || (!isOnLand && has('planet', 'astronaut') && !has('horse', 'unicorn'))) return 'space';
  const areAllOnTable = [...kinds].some((kind) => ACTORS[kind]?.zone === 'table');
  return areAllOnTable && !isOnLand ? 'table' : 'outdoors';
}

function addHabitat(kinds: Set<SubjectKind>, isAllowed: (kind: SubjectKind) => boolean, rng: Rng): void {
  if (kinds.has('island') || kinds.has('beach')) kinds.add('sea');
  if (LAND.some((kind) => kinds.has(kind))) return;
  for (const kind of kinds) {
    const habitat = HABITATS[kind]?.filter(isAllowed) ?? [];
    const choice = habitat[rng.int(0, Math.max(0, habitat.length - 1))];
    if (choice === undefined) continue;
    kinds.add(choice);
    if (choice === 'beach') kinds.add('sea');
    return;
  }
  const open = (['field', 'hill', 'field', 'mountain'] as const).filter(isAllowed);
  kinds.add(open[rng.int(0, Math.max(0, open.length - 1))] ?? 'field');
}
