import { mix, type Rgb, rgb, saturate, scale, toHsl } from '../raster/color.ts';
import { blob, ellipse, joined, limb, type Path, type Point, stroke, transform } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';

interface Animal {
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
} as const satisfies Record<string, Animal>;

/** Red fur is ginger, gold is sandy: no animal has the colour of paint. */
export function naturalFur(color: Rgb): Rgb {
  const [hue, saturation] = toHsl(color);
  const isRed = saturation > 0.5 && (hue < 14 || hue > 340);
  return isRed ? mix(color, rgb('c4662a'), 0.75) : saturate(color, 0.8);
}

/** A sitting animal seen from the front, feet at the origin, one unit tall. */
export function paintSittingAnimal(brush: Brush, animal: Animal, color: Rgb | undefined): void {
  const { rng } = brush;
  const drawn = rng.pick(animal.fur);
  const fur = color === undefined ? rgb(drawn) : naturalFur(color);
  const pale = animal.hasWhiteTips === true ? rgb('f4ece2') : mix(fur, rgb('fff4e6'), 0.55);
  const dark = mix(scale(fur, 0.5), rgb('20161a'), 0.3);
  const wide = (path: Path): Path => transform(path, animal.bulk, 1, 0, 0);
  brush.shadow(0.02, 0, 0.36 * animal.bulk);
  paintTail(brush, animal, fur, pale);
  brush.form(
    wide(
      blob([
        [-0.2, 0],
        [-0.27, -0.14],
        [-0.23, -0.36],
        [-0.14, -0.56],
        [0, -0.62],
        [0.14, -0.56],
        [0.23, -0.36],
        [0.27, -0.14],
        [0.2, 0],
      ]),
    ),
    fur,
    { texture: 0.5 },
  );
  brush.form(
    wide(
      blob([
        [0, -0.56],
        [-0.1, -0.46],
        [-0.11, -0.28],
        [0, -0.16],
        [0.11, -0.28],
        [0.1, -0.46],
      ]),
    ),
    pale,
    { volume: 0.2, soft: 0.02, rim: 0.1 },
  );
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
  paintHead(brush, animal, fur, pale, dark);
}

function paintTail(brush: Brush, { tail, bulk }: Animal, fur: Rgb, pale: Rgb): void {
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
    brush.form(
      stroke(
        [
          [0.44, -0.33],
          [0.42, -0.4],
          [0.36, -0.49],
        ],
        [0.16, 0.14, 0.02],
      ),
      pale,
      { soft: 0.02, clip: path },
    );
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

function paintHead(brush: Brush, animal: Animal, fur: Rgb, pale: Rgb, dark: Rgb): void {
  const pink = mix(fur, rgb('f0a0a0'), 0.65);
  paintEars(brush, animal, fur, pink);
  const cheek = animal.hasWhiteTips === true ? 0.25 : 0.215;
  const jaw = animal.muzzle === 'long' ? -0.565 : -0.575;
  brush.form(
    blob([
      [0, -0.9],
      [-0.12, -0.88],
      [-0.19, -0.79],
      [-cheek, -0.68],
      [-0.13, -0.595],
      [0, jaw],
      [0.13, -0.595],
      [cheek, -0.68],
      [0.19, -0.79],
      [0.12, -0.88],
    ]),
    fur,
    { texture: 0.5, rim: 0.6 },
  );
  if (animal.hasWhiteTips === true) {
    for (const side of [-1, 1]) {
      brush.form(
        blob([
          [side * 0.03, -0.66],
          [side * 0.1, -0.72],
          [side * 0.235, -0.68],
          [side * 0.13, -0.605],
          [side * 0.02, -0.575],
        ]),
        pale,
        { volume: 0.15, soft: 0.012, rim: 0.2 },
      );
    }
  }
  if (animal.hasStripes === true) {
    for (const x of [-0.06, 0, 0.06])
      brush.fill(
        stroke(
          [
            [x, -0.895],
            [x * 0.7, -0.825],
          ],
          [0.024, 0.005],
          3,
        ),
        dark,
        { alpha: 0.55, soft: 0.006 },
      );
  }
  paintEyes(brush, animal);
  paintMuzzle(brush, animal, pale, pink, dark);
}

function paintEars(brush: Brush, { ears }: Animal, fur: Rgb, pink: Rgb): void {
  for (const side of [-1, 1]) {
    if (ears === 'pointed') {
      brush.form(
        blob(
          [
            [side * 0.2, -0.76],
            [side * 0.215, -0.9],
            [side * 0.19, -1.02],
            [side * 0.1, -0.95],
            [side * 0.03, -0.86],
          ],
          5,
        ),
        fur,
      );
      brush.fill(
        blob(
          [
            [side * 0.175, -0.82],
            [side * 0.18, -0.97],
            [side * 0.09, -0.88],
          ],
          5,
        ),
        pink,
        { soft: 0.01 },
      );
    } else if (ears === 'round') {
      brush.form(ellipse(side * 0.15, -0.9, 0.075), fur);
      brush.fill(ellipse(side * 0.15, -0.895, 0.042), pink, { soft: 0.012, alpha: 0.7 });
    } else if (ears === 'long') {
      brush.form(
        blob([
          [side * 0.04, -0.84],
          [side * 0.05, -1.05],
          [side * 0.11, -1.26],
          [side * 0.16, -1.1],
          [side * 0.14, -0.84],
        ]),
        fur,
      );
      brush.fill(
        blob([
          [side * 0.075, -0.9],
          [side * 0.085, -1.06],
          [side * 0.112, -1.18],
          [side * 0.128, -1.06],
          [side * 0.115, -0.9],
        ]),
        pink,
        { soft: 0.01 },
      );
    }
  }
}

function paintEyes(brush: Brush, { eyes, isSlitEyed, muzzle }: Animal): void {
  const iris = rgb(brush.rng.pick(eyes));
  const small = isSlitEyed === true ? 1 : 0.78;
  for (const side of [-1, 1]) {
    const x = side * (muzzle === 'broad' ? 0.078 : 0.085);
    brush.fill(ellipse(x, -0.752, 0.052 * small, 0.05 * small, side * 0.2), rgb('1c1416'));
    brush.fill(ellipse(x, -0.75, 0.043 * small, 0.043 * small), iris, { isLit: brush.air.isDark });
    brush.fill(ellipse(x, -0.75, (isSlitEyed === true ? 0.013 : 0.025) * small, 0.038 * small), rgb('0c080a'));
    brush.fill(ellipse(x + 0.013, -0.766, 0.012), rgb('ffffff'), { isLit: true });
  }
}

function paintMuzzle(brush: Brush, { muzzle, ears, isSlitEyed }: Animal, pale: Rgb, pink: Rgb, dark: Rgb): void {
  const ink = rgb('241a1c');
  if (muzzle === 'broad') {
    brush.form(
      blob([
        [0, -0.73],
        [-0.08, -0.68],
        [-0.1, -0.61],
        [0, -0.56],
        [0.1, -0.61],
        [0.08, -0.68],
      ]),
      pale,
      { volume: 0.25, rim: 0.3 },
    );
    if (ears === 'floppy')
      brush.form(
        blob([
          [-0.035, -0.6],
          [-0.032, -0.54],
          [0, -0.515],
          [0.032, -0.54],
          [0.035, -0.6],
        ]),
        rgb('e5707c'),
        { volume: 0.3 },
      );
  } else if (muzzle === 'small') {
    brush.form(joined(ellipse(-0.04, -0.643, 0.052, 0.042), ellipse(0.04, -0.643, 0.052, 0.042)), pale, {
      volume: 0.2,
      rim: 0.1,
    });
  }
  const noseY = muzzle === 'long' ? -0.62 : -0.675;
  const noseSize = muzzle === 'small' ? 0.7 : 1.15;
  brush.form(
    blob([
      [-0.035 * noseSize, noseY - 0.012],
      [0, noseY - 0.02 * noseSize],
      [0.035 * noseSize, noseY - 0.012],
      [0, noseY + 0.026 * noseSize],
    ]),
    muzzle === 'small' ? mix(pink, dark, 0.25) : ink,
    { rim: 0.9 },
  );
  for (const side of [-1, 1]) {
    brush.fill(
      stroke(
        [
          [0, noseY + 0.02],
          [side * 0.012, noseY + 0.05],
          [side * 0.05, noseY + 0.052],
        ],
        [0.007, 0.008, 0.003],
      ),
      ink,
    );
    if (isSlitEyed === true || ears === 'long') {
      for (const [dy, bend] of [
        [0, 0.03],
        [0.016, 0],
        [0.03, -0.03],
      ] as const) {
        brush.fill(
          stroke(
            [
              [side * 0.06, -0.645 + dy],
              [side * 0.17, -0.65 + dy - bend * 0.4],
              [side * 0.29, -0.64 + dy - bend],
            ],
            [0.005, 0.004, 0.002],
          ),
          rgb('f5f0ea'),
          { alpha: 0.8 },
        );
      }
    }
    if (ears === 'floppy') {
      brush.form(
        blob([
          [side * 0.12, -0.9],
          [side * 0.22, -0.84],
          [side * 0.275, -0.68],
          [side * 0.245, -0.54],
          [side * 0.185, -0.58],
          [side * 0.165, -0.74],
        ]),
        mix(dark, pink, 0.18),
        { texture: 0.4 },
      );
    }
  }
}
