import { mix, type Rgb, rgb, saturate, scale, toHsl } from '../raster/color.ts';
import { blob, ellipse, limb, type Path, type Point, stroke, transform } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';
import { paintAnimalHead } from './animal-heads.ts';

export interface SittingAnimal {
  readonly fur: readonly [string, ...string[]];
  readonly ears: 'pointed' | 'floppy' | 'round' | 'long';
  readonly muzzle: 'small' | 'long' | 'broad';
  readonly tail: 'thin' | 'bushy' | 'puff' | 'none';
  readonly eyes: readonly [string, ...string[]];
  readonly isSlitEyed?: boolean;
  readonly hasStripes?: boolean;
  readonly hasWhiteTips?: boolean;
  readonly bulk: number;
}

export const SITTING_ANIMALS = {
  cat: {
    fur: ['d98a3d', '8c8f98', '4a4650', 'c9a27a', 'e8e0d4'],
    ears: 'pointed',
    muzzle: 'small',
    tail: 'thin',
    eyes: ['9ccf4a', 'e6c23a', '5fb4d8'],
    isSlitEyed: true,
    hasStripes: true,
    bulk: 1,
  },
  dog: {
    fur: ['c98e4f', '8a5a34', 'e0c08a', '5a4a44'],
    ears: 'floppy',
    muzzle: 'broad',
    tail: 'thin',
    eyes: ['3a2616'],
    bulk: 1.08,
  },
  fox: {
    fur: ['d9662a'],
    ears: 'pointed',
    muzzle: 'long',
    tail: 'bushy',
    eyes: ['c98a2a'],
    hasWhiteTips: true,
    bulk: 0.95,
  },
  wolf: {
    fur: ['7f858f', '5f646e'],
    ears: 'pointed',
    muzzle: 'long',
    tail: 'bushy',
    eyes: ['e0b84a'],
    hasWhiteTips: true,
    bulk: 1.1,
  },
  bear: { fur: ['6b4429', '4a3426'], ears: 'round', muzzle: 'broad', tail: 'none', eyes: ['1d1410'], bulk: 1.35 },
  rabbit: {
    fur: ['b79a80', 'e9e2da', '8a7668'],
    ears: 'long',
    muzzle: 'small',
    tail: 'puff',
    eyes: ['3a2418'],
    bulk: 0.92,
  },
} as const satisfies Record<string, SittingAnimal>;

/** Red fur is ginger, gold is sandy: no animal has the colour of paint. */
export function naturalFur(color: Rgb): Rgb {
  const [hue, saturation] = toHsl(color);
  const isRed = saturation > 0.5 && (hue < 14 || hue > 340);
  return isRed ? mix(color, rgb('c4662a'), 0.75) : saturate(color, 0.8);
}

/** A sitting animal seen from the front, feet at the origin, one unit tall. */
export function paintSittingAnimal(brush: Brush, animal: SittingAnimal, color: Rgb | undefined): void {
  const { rng } = brush;
  const drawn = rng.pick(animal.fur);
  const fur = color === undefined ? rgb(drawn) : naturalFur(color);
  const pale = animal.hasWhiteTips === true ? rgb('f4ece2') : mix(fur, rgb('fff4e6'), 0.55);
  const dark = mix(scale(fur, 0.5), rgb('20161a'), 0.3);
  const wide = (path: Path): Path => transform(path, animal.bulk, 1, 0, 0);
  brush.shadow(0.02, 0, 0.36 * animal.bulk);
  paintTail(brush, animal, fur, pale);
  brush.form(wide(blob('-.2,0 -.27,-.14 -.23,-.36 -.14,-.56 0,-.62 .14,-.56 .23,-.36 .27,-.14 .2,0')), fur, {
    texture: 0.5,
  });
  brush.form(wide(blob('0,-.56 -.1,-.46 -.11,-.28 0,-.16 .11,-.28 .1,-.46')), pale, {
    volume: 0.2,
    soft: 0.02,
    rim: 0.1,
  });
  if (animal.hasStripes === true) paintStripes(brush, dark);
  for (const side of [-1, 1]) {
    brush.form(wide(ellipse(side * 0.2, -0.04, 0.1, 0.05)), fur, { volume: 0.4 });
    brush.form(wide(limb(side * 0.075, -0.34, 0.06, side * 0.085, -0.05, 0.048)), mix(fur, pale, 0.12), {
      volume: 0.35,
    });
    brush.form(wide(ellipse(side * 0.09, -0.035, 0.068, 0.042)), mix(fur, pale, 0.5), { volume: 0.4 });
    for (const toe of [-0.02, 0.02]) {
      brush.fill(
        stroke(
          [
            [side * 0.09 * animal.bulk + toe, -0.045],
            [side * 0.09 * animal.bulk + toe, -0.012],
          ],
          [0.006, 0.004],
          2,
        ),
        dark,
        { alpha: 0.6 },
      );
    }
  }
  paintAnimalHead(brush, animal, fur, pale, dark);
}

function paintTail(brush: Brush, { tail, bulk }: SittingAnimal, fur: Rgb, pale: Rgb): void {
  if (tail === 'none') return;
  if (tail === 'puff') {
    brush.form(ellipse(0.24 * bulk, -0.1, 0.08), pale);
    return;
  }
  const widths = tail === 'thin' ? [0.085, 0.075, 0.07, 0.05] : [0.07, 0.17, 0.2, 0.03];
  const line: Point[] = [
    [0.15, -0.06],
    [0.36, -0.06],
    [0.45, -0.24],
    [0.37, -0.47],
  ];
  const path = stroke(line, widths);
  brush.form(path, fur, { texture: 0.5 });
  if (tail === 'bushy')
    brush.form(stroke('.44,-.33 .42,-.4 .36,-.49', [0.16, 0.14, 0.02]), pale, { soft: 0.02, clip: path });
  else brush.form(ellipse(0.372, -0.468, 0.026), fur, { volume: 0 });
}

function paintStripes(brush: Brush, dark: Rgb): void {
  for (const side of [-1, 1]) {
    for (const [index, y] of [-0.5, -0.4, -0.3, -0.2].entries()) {
      brush.fill(
        stroke(
          [
            [side * (0.13 + index * 0.035), y],
            [side * (0.1 + index * 0.02), y + 0.035],
          ],
          [0.028, 0.004],
          3,
        ),
        dark,
        { alpha: 0.5, soft: 0.006 },
      );
    }
  }
}
