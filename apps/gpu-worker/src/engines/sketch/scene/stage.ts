import type { PromptReading } from '../prompt/parse-prompt.ts';
import type { SubjectKind } from '../prompt/subjects.ts';
import type { Layers } from '../raster/layer.ts';
import type { Rng } from '../rng.ts';
import { ACTORS } from '../subjects/actors.ts';
import type { Atmosphere } from './atmosphere.ts';
import { type Brush, createBrush, type Placement } from './brush.ts';

/** What every part of the scene works with. Lengths are in units of the shorter side of the picture. */
export interface Stage {
  readonly layers: Layers;
  readonly width: number;
  readonly height: number;
  /** Where the ground or the water meets the sky. */
  readonly horizon: number;
  readonly air: Atmosphere;
  readonly reading: PromptReading;
  readonly rng: Rng;
  has(...kinds: readonly SubjectKind[]): boolean;
  /** False for what the negative prompt forbids. */
  allows(name: string): boolean;
  brush(label: string, placement: Placement): Brush;
}

export function createStage(
  parts: Pick<Stage, 'layers' | 'width' | 'height' | 'horizon' | 'air' | 'reading' | 'rng'>,
  kinds: ReadonlySet<SubjectKind>,
): Stage {
  return {
    ...parts,
    has: (...wanted) => wanted.some((kind) => kinds.has(kind)),
    allows: (name) => !parts.reading.banned.has(name),
    brush: (label, placement) => createBrush(parts.layers, parts.air, parts.rng.fork(label), placement),
  };
}

/** What stands in the water by itself. */
const ON_WATER: ReadonlySet<SubjectKind> = new Set(['lighthouse', 'bridge']);

/** Whether something in a picture with water needs a shore under its feet. */
export function standsAshore({ reading }: Stage): boolean {
  return reading.subjects.some(({ kind }) => {
    const zone = ACTORS[kind]?.zone;
    return (zone === 'near' || zone === 'far') && !ON_WATER.has(kind);
  });
}
