import { mix, type Rgb, rgb } from '../raster/color.ts';
import { blob, ellipse, joined, stroke, mirrored } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';
import type { SittingAnimal } from './sitting-animals.ts';

export function paintAnimalHead(brush: Brush, animal: SittingAnimal, fur: Rgb, pale: Rgb, dark: Rgb): void {
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
      brush.form(mirrored(side, blob('.03,-.66 .1,-.72 .235,-.68 .13,-.605 .02,-.575')), pale, {
        volume: 0.15,
        soft: 0.012,
        rim: 0.2,
      });
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

function paintEars(brush: Brush, { ears }: SittingAnimal, fur: Rgb, pink: Rgb): void {
  for (const side of [-1, 1]) {
    if (ears === 'pointed') {
      brush.form(mirrored(side, blob('.2,-.76 .215,-.9 .19,-1.02 .1,-.95 .03,-.86', 5)), fur);
      brush.fill(mirrored(side, blob('.175,-.82 .18,-.97 .09,-.88', 5)), pink, { soft: 0.01 });
    } else if (ears === 'round') {
      brush.form(ellipse(side * 0.15, -0.9, 0.075), fur);
      brush.fill(ellipse(side * 0.15, -0.895, 0.042), pink, { soft: 0.012, alpha: 0.7 });
    } else if (ears === 'long') {
      brush.form(mirrored(side, blob('.04,-.84 .05,-1.05 .11,-1.26 .16,-1.1 .14,-.84')), fur);
      brush.fill(mirrored(side, blob('.075,-.9 .085,-1.06 .112,-1.18 .128,-1.06 .115,-.9')), pink, { soft: 0.01 });
    }
  }
}

function paintEyes(brush: Brush, { eyes, isSlitEyed, muzzle }: SittingAnimal): void {
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

function paintMuzzle(brush: Brush, { muzzle, ears, isSlitEyed }: SittingAnimal, pale: Rgb, pink: Rgb, dark: Rgb): void {
  const ink = rgb('241a1c');
  if (muzzle === 'broad') {
    brush.form(blob('0,-.73 -.08,-.68 -.1,-.61 0,-.56 .1,-.61 .08,-.68'), pale, { volume: 0.25, rim: 0.3 });
    if (ears === 'floppy')
      brush.form(blob('-.035,-.6 -.032,-.54 0,-.515 .032,-.54 .035,-.6'), rgb('e5707c'), { volume: 0.3 });
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
        mirrored(side, blob('.12,-.9 .22,-.84 .275,-.68 .245,-.54 .185,-.58 .165,-.74')),
        mix(dark, pink, 0.18),
        { texture: 0.4 },
      );
    }
  }
}
