import { mix, type Rgb, rgb, scale } from '../raster/color.ts';
import { blob, ellipse, type Point, polygon, stroke } from '../raster/path.ts';
import type { Brush } from '../scene/brush.ts';
import { naturalFur } from './sitting-animals.ts';

interface Hoofed {
  readonly coat: readonly [string, ...string[]];
  readonly mane: readonly string[];
  readonly isHorned?: boolean;
  readonly hasAntlers?: boolean;
}

export const HOOFED_ANIMALS = {
  horse: { coat: ['8a5230', '5b3420', 'c9a071', '3b3032', 'd9d2c8'], mane: ['2b1d1a'] },
  unicorn: { coat: ['f4f0f6'], mane: ['f08ac0', '9a7be0', '6fc3e8'], isHorned: true },
  deer: { coat: ['a86f3f', '8f5f3a'], mane: [], hasAntlers: true },
} as const satisfies Record<string, Hoofed>;

/** Where a rider sits. */
export const SADDLE: Point = [0.02, -0.66];

const BODY =
  '-.33,-.64 -.2,-.7 -.05,-.665 .1,-.68 .2,-.76 .3,-.9 .38,-.98 .445,-.965 .5,-.9 .57,-.8 .605,-.74 .575,-.7 .52,-.725 .46,-.77 .41,-.75 .37,-.65 .33,-.53 .26,-.45 .14,-.4 0,-.385 -.14,-.415 -.25,-.4 -.34,-.47 -.37,-.57';

/** Seen from the side, facing right, hooves at the origin, one unit tall. */
export function paintHoofedAnimal(brush: Brush, animal: Hoofed, color: Rgb | undefined): void {
  const coat = color === undefined ? rgb(brush.rng.pick(animal.coat)) : naturalFur(color);
  const far = scale(coat, 0.62);
  const thin = animal.hasAntlers === true ? 0.78 : 1;
  const legWidths = [0.15, 0.085, 0.046, 0.04, 0.055].map((width) => width * thin);
  brush.shadow(0, 0, 0.42);
  const leg = (points: readonly Point[], tone: Rgb): void => {
    brush.form(stroke(points, legWidths), tone, { volume: 0.4, rim: 0.3 });
    const [x, y] = points.at(-1) ?? [0, 0];
    brush.fill(
      polygon([
        [x - 0.026, y - 0.03],
        [x + 0.02, y - 0.03],
        [x + 0.034, y + 0.008],
        [x - 0.03, y + 0.008],
      ]),
      rgb('2a211f'),
    );
  };
  leg(
    [
      [-0.2, -0.46],
      [-0.16, -0.34],
      [-0.21, -0.21],
      [-0.16, -0.1],
      [-0.14, -0.01],
    ],
    far,
  );
  leg(
    [
      [0.22, -0.45],
      [0.33, -0.36],
      [0.37, -0.25],
      [0.31, -0.19],
      [0.27, -0.15],
    ],
    far,
  );
  if (animal.mane.length > 0) paintHair(brush, animal, 'tail', coat);
  else brush.form(stroke('-.35,-.62 -.41,-.56 -.4,-.48', [0.05, 0.06, 0.01]), rgb('f0e6d8'));
  leg(
    [
      [-0.27, -0.5],
      [-0.23, -0.34],
      [-0.32, -0.21],
      [-0.29, -0.09],
      [-0.27, -0.01],
    ],
    coat,
  );
  leg(
    [
      [0.24, -0.5],
      [0.25, -0.34],
      [0.24, -0.2],
      [0.245, -0.09],
      [0.25, -0.01],
    ],
    coat,
  );
  if (animal.hasAntlers === true) paintAntlers(brush);
  brush.form(polygon('.375,-.95 .375,-1.06 .43,-.96'), scale(coat, 0.9));
  brush.form(blob(BODY, 6), coat, { volume: 0.4, texture: 0.25, rim: 0.6 });
  brush.form(blob('.575,-.79 .61,-.74 .575,-.695 .53,-.725 .54,-.77'), mix(coat, rgb('2a1c1c'), 0.45), {
    soft: 0.012,
    volume: 0,
  });
  brush.fill(ellipse(0.58, -0.752, 0.008, 0.012), rgb('140c0c'));
  brush.fill(ellipse(0.468, -0.882, 0.02, 0.017), rgb('160e0c'));
  brush.fill(ellipse(0.473, -0.888, 0.006), rgb('ffffff'), { isLit: true });
  if (animal.mane.length > 0) paintHair(brush, animal, 'mane', coat);
  else
    for (const [x, y] of [
      [-0.2, -0.6],
      [-0.1, -0.57],
      [0, -0.6],
      [-0.26, -0.54],
      [0.08, -0.55],
      [-0.04, -0.52],
    ] as const)
      brush.fill(ellipse(x, y, 0.016), rgb('f0dfc4'), { alpha: 0.7, soft: 0.006 });
  if (animal.isHorned === true) {
    brush.glow(0.49, -1.1, 0.16, rgb('fff0c0'), 0.5);
    brush.form(polygon('.42,-.955 .56,-1.24 .462,-.94'), rgb('f3d9a0'), { rim: 1 });
  }
}

function paintHair(brush: Brush, animal: Hoofed, part: 'mane' | 'tail', coat: Rgb): void {
  const { rng } = brush;
  const colors = animal.mane.map(rgb);
  const base = mix(colors[0] ?? coat, scale(coat, 0.3), animal.isHorned === true ? 0 : 0.3);
  const locks = part === 'mane' ? 11 : 8;
  for (let lock = 0; lock < locks; lock += 1) {
    const t = lock / (locks - 1);
    const tone = scale(
      colors[lock % colors.length] === undefined || colors.length === 1 ? base : (colors[lock % colors.length] ?? base),
      rng.between(0.8, 1.25),
    );
    if (part === 'mane') {
      const [x, y] = [0.41 - t * 0.3, -0.99 + t * 0.31 - Math.sin(t * Math.PI) * 0.015];
      brush.form(
        stroke(
          [
            [x, y],
            [x - 0.05, y + 0.05],
            [x - 0.06 + rng.between(-0.02, 0.03), y + 0.16],
          ],
          [0.03, 0.055, 0.004],
        ),
        tone,
        { volume: 0.3, rim: 0.3 },
      );
    } else {
      const spread = rng.between(-0.03, 0.03);
      brush.form(
        stroke(
          [
            [-0.335, -0.64],
            [-0.43 + spread, -0.58],
            [-0.45 + spread, -0.36],
            [-0.41 + spread * 2.5, -0.14],
          ],
          [0.03, 0.045, 0.045, 0.004],
        ),
        tone,
        { volume: 0.3, rim: 0.3 },
      );
    }
  }
}

function paintAntlers(brush: Brush): void {
  const horn = rgb('c9b08a');
  for (const side of [-1, 1]) {
    const base = 0.41 + side * 0.01;
    brush.form(
      stroke(
        [
          [base, -0.97],
          [base + side * 0.1 - 0.02, -1.08],
          [base + side * 0.12 - 0.03, -1.2],
          [base + side * 0.06, -1.32],
        ],
        [0.03, 0.026, 0.02, 0.005],
      ),
      horn,
    );
    brush.form(
      stroke(
        [
          [base + side * 0.09 - 0.02, -1.07],
          [base + side * 0.17, -1.16],
        ],
        [0.02, 0.004],
      ),
      horn,
    );
    brush.form(
      stroke(
        [
          [base + side * 0.12 - 0.03, -1.19],
          [base + side * 0.18 - 0.02, -1.28],
        ],
        [0.018, 0.004],
      ),
      horn,
    );
  }
}
