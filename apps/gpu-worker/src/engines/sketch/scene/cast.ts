import type { Mention } from '../prompt/parse-prompt.ts';
import type { SubjectKind } from '../prompt/subjects.ts';
import { lerp } from '../raster/color.ts';
import type { Rng } from '../rng.ts';
import { ACTORS, type Actor, type Zone } from '../subjects/actors.ts';
import { SADDLE } from '../subjects/hoofed-animals.ts';
import type { Plan } from './settings.ts';
import { type Stage, standsAshore } from './stage.ts';

interface Part {
  readonly actor: Actor;
  readonly mention: Mention;
  readonly label: string;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly depth: number;
}

/** More would only crowd the picture. */
const MOST_PARTS = 12;
const RIDERS: ReadonlySet<SubjectKind> = new Set([
  'person',
  'astronaut',
  'robot',
  'snowman',
  'cat',
  'dog',
  'bear',
  'penguin',
]);
const MOUNTS: ReadonlySet<SubjectKind> = new Set(['horse', 'unicorn', 'deer']);
const ALWAYS_MANY: ReadonlySet<SubjectKind> = new Set(['seagull', 'village']);
/** How many there are where the prompt says no number. */
const CROWD: Partial<Record<SubjectKind, number>> = {
  seagull: 7,
  village: 7,
  flower: 9,
  tulip: 11,
  sunflower: 9,
  rose: 7,
};

/** Places the subjects of the plan and paints them, the far ones first. */
export function paintCast(stage: Stage, plan: Plan): void {
  const cast = castOf(stage, plan);
  const riders =
    stage.reading.isRiding && cast.some(({ mention }) => MOUNTS.has(mention.kind))
      ? cast.filter(({ mention }) => RIDERS.has(mention.kind))
      : [];
  const standing = cast.filter((part) => !riders.includes(part));
  const placed = standing.map((part) => ({ part, place: placeOf(stage, plan, part, standing) }));
  placed.sort((a, b) => a.place.y - b.place.y || (a.part.label < b.part.label ? -1 : 1));
  for (const { part, place } of placed) {
    const random = stage.rng.fork(`mirror ${part.label}`);
    const isMirrored = random.chance(0.5) && part.mention.kind !== 'train';
    const rider = MOUNTS.has(part.mention.kind) ? riders.shift() : undefined;
    const brush = stage.brush(part.label, { ...place, isMirrored });
    part.actor.paint(brush, part.mention.color);
    if (rider !== undefined) rider.actor.paint(brush.at(SADDLE[0], SADDLE[1] + 0.24, 0.72), rider.mention.color);
  }
}

function castOf(stage: Stage, plan: Plan): Part[] {
  const isInField = stage.reading.subjects.some(({ kind }) => kind === 'field');
  return plan.mentions.flatMap((mention): Part[] => {
    const { kind, count, isMany } = mention;
    const actor = ACTORS[kind];
    if (actor === undefined) return [];
    const isCrowd = isMany || (count === 1 && (isInField || ALWAYS_MANY.has(kind)));
    const number = Math.min(MOST_PARTS, isCrowd ? Math.max(count, CROWD[kind] ?? 1) : count);
    return Array.from({ length: number }, (_, index) => ({ actor, mention, label: `${kind} ${index}` }));
  });
}

function placeOf(stage: Stage, plan: Plan, part: Part, cast: readonly Part[]): Place {
  const { width, height, horizon } = stage;
  if (plan.type === 'portrait') return { x: width / 2, y: height * 1.12, size: (0.86 * height) / 1.05, depth: 0 };
  const peers = cast.filter(({ actor }) => sideBySide(actor.zone) === sideBySide(part.actor.zone));
  const index = peers.indexOf(part);
  const random = stage.rng.fork(`place ${part.label}`);
  const zone: Zone =
    plan.type === 'space' && part.actor.zone !== 'near'
      ? 'sky'
      : plan.type === 'underwater'
        ? 'water'
        : part.actor.zone;
  const crowding = 1 / (1 + 0.3 * (peers.length - 1));
  const hasFront = zone === 'far' && cast.some(({ actor }) => actor.zone === 'near' || actor.zone === 'water');
  const hasBack = zone !== 'far' && zone !== 'sky' && cast.some(({ actor }) => actor.zone === 'far');
  const room = (width * 0.94) / (2 * part.actor.reach);
  const size = Math.min(part.actor.size * crowding * (hasFront ? 0.72 : 1), room);
  const x = slot(stage, random, index, peers.length, { hasFront, hasBack, reach: size * part.actor.reach });
  switch (zone) {
    case 'sky':
      return placeInSky(stage, plan, part, random, x, size, index);
    case 'water':
      if (plan.type === 'underwater')
        return { x, y: height * (0.45 + random.between(-0.16, 0.16)), size, depth: index === 0 ? 0.04 : 0.25 };
      return { x, y: lerp(horizon, height, 0.3 + 0.2 * random.next()), size, depth: 0.08 };
    case 'table':
      return { x, y: lerp(horizon, height, 0.5 + (index % 2) * 0.16), size, depth: 0 };
    case 'perch':
      return { x: width * 0.5, y: height * (0.68 + random.between(0, 0.05)), size: size * 1.15, depth: 0 };
    case 'far': {
      const near = nearness(stage, part.mention.kind, random);
      const y = lerp(horizon, height, near);
      const isTiny = part.mention.kind === 'village';
      return {
        x,
        y,
        size: Math.min(isTiny ? size * (0.5 + Math.min(near, 0.35) * 1.6) : size, y * 0.92),
        depth: hasFront ? 0.3 : isTiny ? Math.max(0.05, 0.4 - near) : 0.12,
      };
    }
    default: {
      const isCrowd = peers.length > 4;
      const hasOthers = cast.length > peers.length;
      const y = lerp(
        horizon,
        height,
        isCrowd ? lerp(0.5, 1, ((index * 5) % peers.length) / peers.length) : 0.84 - 0.05 * index,
      );
      const base = plan.type === 'space' ? height * 0.9 : y;
      const grown = isCrowd ? size * (hasOthers ? 0.8 : 1.5) : size;
      return { x, y: base, size: Math.min(grown, base * 0.9), depth: 0 };
    }
  }
}

/** How far towards the viewer something of the middle distance stands, 0 at the horizon. */
function nearness(stage: Stage, kind: SubjectKind, random: Rng): number {
  if (kind === 'bridge') return 0.4;
  if (stage.has('sea', 'lake') && (kind === 'palm' || (kind !== 'lighthouse' && standsAshore(stage))))
    return 0.74 + 0.1 * random.next();
  if (kind === 'village') return 0.05 + 0.3 * random.next();
  return stage.has('sea', 'lake') ? 0.16 : 0.24 + 0.1 * random.next();
}

function placeInSky(stage: Stage, plan: Plan, part: Part, random: Rng, x: number, size: number, index: number): Place {
  const { width, height, horizon } = stage;
  if (part.mention.kind === 'seagull') {
    return {
      x: width * random.between(0.15, 0.85),
      y: horizon * random.between(0.15, 0.6),
      size: size * random.between(1, 2.2),
      depth: 0.25,
    };
  }
  const middle = plan.type === 'space' ? height * 0.45 : horizon * 0.5;
  const lift = part.mention.kind === 'rocket' ? size * 0.4 : 0;
  const shrink = index === 0 ? 1 : random.between(0.5, 0.8);
  return {
    x,
    y: middle + lift + random.between(-0.06, 0.06) + index * 0.05,
    size: Math.min(size * shrink, height * 0.8),
    depth: index === 0 ? 0.03 : 0.2,
  };
}

/** Zones whose subjects would cover each other share the width. */
function sideBySide(zone: Zone): string {
  return zone === 'sky' ? 'sky' : zone === 'far' ? 'far' : 'front';
}

interface Neighbours {
  readonly hasFront: boolean;
  readonly hasBack: boolean;
  /** Half the width of the subject. */
  readonly reach: number;
}

/** Places along the width. One alone stands by the middle; what is before and what is behind keep to their sides. */
function slot(
  stage: Stage,
  random: Rng,
  index: number,
  count: number,
  { hasFront, hasBack, reach }: Neighbours,
): number {
  const { width, air } = stage;
  const away = air.lightX < 0.5 ? 1 : -1;
  const offset = hasFront ? 0.24 * away : hasBack ? -0.16 * away : 0.06 * away;
  const share = count === 1 ? 0.5 + offset : (index * 2 + 1) / (count * 2);
  const limit = Math.min(width / 2, reach * 0.85);
  return Math.min(width - limit, Math.max(limit, width * share + random.between(-0.03, 0.03)));
}
