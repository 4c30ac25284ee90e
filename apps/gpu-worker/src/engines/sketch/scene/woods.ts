import { lerp, type Rgb, scale } from '../raster/color.ts';
import { paintGrass, paintLeafTree, paintPalm, paintPine } from '../subjects/plants.ts';
import type { Stage } from './stage.ts';

type Kind = 'pine' | 'leaf' | 'palm';

/** Rows of trees, small and hazy at the back, tall at the front where they frame the picture and leave its middle open. */
export function paintForest(stage: Stage, isMain: boolean): void {
  const { width, height, horizon, rng, air, reading } = stage;
  const random = rng.fork('forest');
  const kind: Kind = stage.has('palm')
    ? 'palm'
    : reading.season === 'autumn' || reading.season === 'spring' || (!air.isSnowy && random.chance(0.35))
      ? 'leaf'
      : 'pine';
  const rows = isMain ? 4 : 2;
  for (let row = 0; row < rows; row += 1) {
    const near = row / 3;
    const y = lerp(horizon + 0.012, horizon + (height - horizon) * 0.62, near ** 1.6);
    const tall = lerp(0.1, isMain ? 0.62 : 0.3, near);
    const gap = tall * (kind === 'pine' ? 0.2 : 0.34);
    for (let x = -gap; x < width + gap; x += gap * random.between(0.6, 1.3)) {
      const fromMiddle = Math.abs(x / width - 0.5) * 2;
      if (row >= 2 && fromMiddle < random.between(0.5, 0.74)) continue;
      paintTree(stage, kind, x, y + random.between(-0.01, 0.02) * (1 + near), tall * random.between(0.75, 1.2), {
        depth: 0.85 * (1 - near),
        color: scale(air.foliage, random.between(0.75, 1.15)),
        isDetailed: row >= 2,
        label: `tree ${row} ${x}`,
      });
    }
  }
}

interface TreeLook {
  readonly depth: number;
  readonly color: Rgb;
  readonly isDetailed: boolean;
  readonly label: string;
}

function paintTree(stage: Stage, kind: Kind, x: number, y: number, size: number, look: TreeLook): void {
  const brush = stage.brush(look.label, {
    x,
    y,
    size,
    depth: look.depth,
    isMirrored: stage.rng.fork(look.label).chance(0.5),
  });
  if (look.isDetailed) brush.shadow(0, 0, 0.28);
  if (kind === 'pine') paintPine(brush, look.color, look.isDetailed);
  else if (kind === 'palm') paintPalm(brush);
  else paintLeafTree(brush, look.color, look.isDetailed);
}

/** A few trees beside the middle of the scene, for ground that would be bare. */
export function paintScatteredTrees(stage: Stage): void {
  const random = stage.rng.fork('scattered trees');
  const isLeafy = !stage.air.isSnowy && (stage.reading.season === 'autumn' || random.chance(0.5));
  const kind: Kind = isLeafy ? 'leaf' : 'pine';
  const count = random.int(3, 6);
  for (let tree = 0; tree < count; tree += 1) {
    const near = random.between(0.1, 0.5);
    const x = stage.width * (random.chance(0.5) ? random.between(0.02, 0.26) : random.between(0.74, 0.98));
    paintTree(stage, kind, x, lerp(stage.horizon + 0.02, stage.height, near), lerp(0.08, 0.4, near), {
      depth: 0.7 * (1 - near * 1.6),
      color: scale(stage.air.foliage, random.between(0.8, 1.15)),
      isDetailed: near > 0.25,
      label: `scattered ${tree}`,
    });
  }
}

/** Grass along the lower edge. */
export function paintForegroundGrass(stage: Stage): void {
  if (stage.air.isSnowy || stage.air.isFlat) return;
  const { width, height, air } = stage;
  const size = 0.09;
  for (const [row, lift] of [0.05, 0.0, -0.04].entries()) {
    const brush = stage.brush(`grass ${row}`, { x: 0, y: height - lift, size });
    paintGrass(brush, width / size, Math.round(70 * width), scale(air.grass, 0.9 - row * 0.2));
  }
}
